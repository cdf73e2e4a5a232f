import { isRotaError } from '../core/errors/rota-error.ts';
import { Bz2BlockFile } from '../export/containers/bz2/decode/block-file.ts';
import type { ContainerFormat } from '../export/containers/read/container.ts';
import type { XmlProblem } from '../export/scanner/scan-result.ts';
import { XmlScanner } from '../export/scanner/xml-scanner.ts';
import type { DumpSource } from './dump-source.ts';
import { partialMark } from './partial-mark.ts';
import { Progress } from './progress.ts';
import { noHead } from './sound-parts.ts';

/** Where a compressed file cannot be read further. */
export interface Damage {
  readonly what: string;
  /** Null where nobody knows (7z). */
  readonly fileOffset: number | null;
  /** Only of bz2: the bit in that byte, and the number of the block, from 1. */
  readonly bit: number | null;
  readonly block: number | null;
  /** Nothing is wrong but that the end is missing; null where that cannot be told. */
  readonly isCut: boolean | null;
}

export interface CheckReport {
  readonly file: string;
  /** Everything reads back, nests and ascends. */
  readonly ok: boolean;
  /** The file says of itself that `rota xml repair` cut it back. */
  readonly partial: boolean;
  readonly format: ContainerFormat;
  readonly fileBytes: number | null;
  readonly pages: number;
  readonly revisions: number;
  readonly logItems: number;
  /** Of content that could be read. */
  readonly rawBytes: number;
  /** The last page and revision that are whole. */
  readonly lastPageId: number | null;
  readonly lastRevisionId: number | null;
  /** The page in which the content ends, where it ends in one. */
  readonly insidePageId: number | null;
  readonly damage: Damage | null;
  /** The first 100 faults of the XML, in its order. */
  readonly problems: readonly XmlProblem[];
  readonly problemCount: number;
}

const keptTail = 512;

/**
 * Reads a dump to its end, or to where it breaks off, and says what is wrong. A damaged bz2 file is read a second time,
 * a block at a time by Rota's own decoder, to name the block and bit. Memory: a few chunks.
 */
export async function checkDump(source: DumpSource, signal: AbortSignal): Promise<CheckReport> {
  const reading = new Reading();
  try {
    for await (const chunk of source.chunks()) reading.push(chunk.bytes);
  } catch (error) {
    if (!isRotaError(error, 'ARCHIVE_DAMAGED')) throw error;
    if (source.format === 'bz2' && source.path !== null)
      return await checkBlocks(source, source.path, signal);
    const { fileOffset, what } = error.facts;
    const at = typeof fileOffset === 'number' ? fileOffset : null;
    const damage = { what: String(what), fileOffset: at, bit: null, block: null, isCut: null };
    return reading.report(source, damage);
  }
  return reading.report(source, null);
}

async function checkBlocks(source: DumpSource, path: string, signal: AbortSignal): Promise<CheckReport> {
  const reading = new Reading();
  let damage: Damage | null = null;
  await using file = await Bz2BlockFile.open(path);
  for await (const step of file.walk()) {
    signal.throwIfAborted();
    if (step.kind === 'block') reading.push(step.block.raw);
    if (step.kind !== 'fault') continue;
    const { bitOffset, what, isCut } = step.fault;
    damage = { what, fileOffset: Math.floor(bitOffset / 8), bit: bitOffset % 8, block: step.number, isCut };
  }
  return reading.report(source, damage);
}

/** One pass over the content. */
class Reading {
  readonly #progress = new Progress();
  readonly #scanner = new XmlScanner(this.#progress.handler);
  #tail: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): void {
    this.#scanner.push(bytes);
    const joined = bytes.length >= keptTail ? bytes : Buffer.concat([this.#tail, bytes]);
    this.#tail = Buffer.from(joined.subarray(Math.max(0, joined.length - keptTail)));
  }

  report(source: DumpSource, damage: Damage | null): CheckReport {
    const scan = this.#scanner.finish();
    const { lastPageId, lastRevisionId, insidePageId } = this.#progress;
    const { pages, revisions, logItems, rawBytes } = scan;
    // Behind damage it may stand; that is told already.
    const isHeadless = damage === null && !this.#progress.hasHead;
    const problems = isHeadless ? [noHead, ...scan.problems] : scan.problems;
    const problemCount = scan.problemCount + (isHeadless ? 1 : 0);
    return {
      file: source.name,
      ok: damage === null && problemCount === 0,
      partial: this.#tail.includes(partialMark),
      format: source.format,
      fileBytes: source.fileBytes,
      pages,
      revisions,
      logItems,
      rawBytes,
      lastPageId,
      lastRevisionId,
      insidePageId: scan.closed ? null : insidePageId,
      damage,
      problems,
      problemCount,
    };
  }
}
