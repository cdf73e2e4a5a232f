import { Bz2BlockFile } from '../../export/containers/bz2/decode/block-file.ts';
import { foldCrc } from '../../export/containers/bz2/layout.ts';
import type { ScanHandler, XmlProblem } from '../../export/scanner/scan-result.ts';
import { XmlScanner } from '../../export/scanner/xml-scanner.ts';
import type { DumpSource } from '../dump-source.ts';
import { describeProblem, noHead } from '../sound-parts.ts';
import { describeFault, readablePieces } from './readable-pieces.ts';

/** The bz2 block in which a dump is cut back. */
export interface CutBlock {
  readonly bitOffset: number;
  /** Offset of its content in the whole. */
  readonly rawStart: number;
  readonly raw: Buffer;
  /** Of the blocks before it in its stream. */
  readonly blocks: number;
  readonly combinedCrc: number;
  /** Where its stream begins. */
  readonly streamBit: number;
}

/** How much of a damaged dump is whole. */
export interface Survey {
  /** Why the dump is not whole; null when it is. */
  readonly reason: string | null;
  /** The XML through its last whole page, revision or log item. */
  readonly keptBytes: number;
  readonly pages: number;
  readonly revisions: number;
  readonly logItems: number;
  readonly lastPageId: number | null;
  readonly lastRevisionId: number | null;
  /** The last page's end is lost. */
  readonly insidePage: boolean;
  readonly readableBytes: number;
  /** More can be read behind the damage. */
  readonly isReadableBehind: boolean;
  /** Of bz2 files. */
  readonly block: CutBlock | null;
}

/** Faults after which nothing can be trusted to be where it seems; the order of ids is none of them. */
const structural: readonly XmlProblem['kind'][] = ['not-closed', 'not-opened', 'id-missing', 'after-end'];

/** Reads a dump up to where it breaks off, in its compression or in its XML. Memory: a few chunks, for bz2 two blocks. */
export async function surveyDump(source: DumpSource, signal: AbortSignal): Promise<Survey> {
  const boundary = new LastBoundary();
  const scanner = new XmlScanner(boundary.handler);
  const read = (bytes: Buffer) => {
    scanner.push(bytes);
    boundary.readableBytes += bytes.length;
  };
  const found =
    source.format === 'bz2' && source.path !== null
      ? await readBlocks(source.path, read, boundary, signal)
      : await readPieces(source, read, signal);
  const scan = scanner.finish();
  const end = scan.closed ? null : 'the XML ends before </mediawiki>';
  const headless = boundary.hasHead ? null : describeProblem(noHead);
  const reason = found?.reason ?? boundary.problem ?? headless ?? end;
  // Behind a fault of the XML alone there is always more, up to the end of the file.
  const isReadableBehind = found?.isReadableBehind === true || boundary.problem !== null || headless !== null;
  return { ...boundary.survey(reason), isReadableBehind };
}

/** Where reading ended early, and whether it can go on behind that. */
interface Found {
  readonly reason: string;
  readonly isReadableBehind: boolean;
}

async function readPieces(
  source: DumpSource,
  read: (bytes: Buffer) => void,
  signal: AbortSignal,
): Promise<Found | null> {
  let reason: string | null = null;
  for await (const piece of readablePieces(source, signal)) {
    if (piece.kind === 'gap') reason ??= piece.what;
    else if (reason !== null) return { reason, isReadableBehind: true };
    else read(piece.bytes);
  }
  return reason === null ? null : { reason, isReadableBehind: false };
}

async function readBlocks(
  path: string,
  read: (bytes: Buffer) => void,
  boundary: LastBoundary,
  signal: AbortSignal,
): Promise<Found | null> {
  await using file = await Bz2BlockFile.open(path);
  let stream = { streamBit: 0, blocks: 0, combinedCrc: 0 };
  for await (const step of file.walk()) {
    signal.throwIfAborted();
    if (step.kind === 'stream-start') stream = { streamBit: step.bitOffset, blocks: 0, combinedCrc: 0 };
    if (step.kind === 'block') {
      const { bitOffset, raw, crc } = step.block;
      boundary.enter({ bitOffset, raw, rawStart: boundary.readableBytes, ...stream });
      read(raw);
      stream = { ...stream, blocks: stream.blocks + 1, combinedCrc: foldCrc(stream.combinedCrc, crc) };
    }
    if (step.kind === 'fault') {
      const reason = `block ${step.number}, ${describeFault(step.fault)}`;
      return { reason, isReadableBehind: (await file.firstFrom(step.fault.bitOffset + 1)) !== null };
    }
  }
  return null;
}

/** Keeps the place behind the last whole page, revision or log item, up to the first structural fault. */
class LastBoundary {
  problem: string | null = null;
  hasHead = false;
  readableBytes = 0;
  /** The block being read, and the one before: a tag at its very end is looked at with the next bytes only. */
  #block: CutBlock | null = null;
  #blockBefore: CutBlock | null = null;
  #pageId: number | null = null;
  #pages = 0;
  #revisions = 0;
  #logItems = 0;
  #kept: Omit<Survey, 'reason' | 'readableBytes' | 'isReadableBehind'> = {
    keptBytes: 0,
    pages: 0,
    revisions: 0,
    logItems: 0,
    lastPageId: null,
    lastRevisionId: null,
    insidePage: false,
    block: null,
  };

  readonly handler: ScanHandler = {
    onHead: () => {
      this.hasHead = true;
    },
    onProblem: (problem) => {
      if (structural.includes(problem.kind)) this.problem ??= describeProblem(problem);
    },
    onPageId: (id) => {
      this.#pageId = id;
    },
    onRevision: (revision) => {
      this.#revisions += 1;
      if (revision.pageId !== null) this.#keep(revision.end, revision.id, true);
    },
    onPage: (page) => {
      this.#pages += 1;
      this.#keep(page.end, page.lastRevisionId ?? this.#kept.lastRevisionId, false);
    },
    onLogItem: (item) => {
      this.#logItems += 1;
      this.#keep(item.end, null, false);
    },
  };

  enter(block: CutBlock): void {
    this.#blockBefore = this.#block;
    this.#block = block;
  }

  survey(reason: string | null): Omit<Survey, 'isReadableBehind'> {
    return { reason, readableBytes: this.readableBytes, ...this.#kept };
  }

  #keep(end: number, revisionId: number | null, insidePage: boolean): void {
    if (this.problem !== null) return;
    this.#kept = {
      keptBytes: end,
      pages: this.#pages + (insidePage ? 1 : 0),
      revisions: this.#revisions,
      logItems: this.#logItems,
      lastPageId: this.#pageId,
      lastRevisionId: revisionId,
      insidePage,
      block: this.#block !== null && this.#block.rawStart > end ? this.#blockBefore : this.#block,
    };
  }
}
