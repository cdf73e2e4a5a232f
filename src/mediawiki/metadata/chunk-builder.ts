import { ByteWriter } from '../record/byte-writer.ts';
import { encodeChunkHead, encodePartHead } from '../record/chunk-codec.ts';
import type { EncodedChunk, PagePrint } from '../record/page-part.ts';
import { PagePrinter } from '../record/page-print.ts';
import type { PageRecord } from '../record/revision-record.ts';
import type { RevisionArena } from './revision-arena.ts';

export interface ChunkTargets {
  readonly revisions: number;
  readonly bytes: number;
  /** Whether chunks come with the prints of the pages that end in them. */
  readonly prints?: boolean;
}

/** The part of a page that is being collected. */
interface OpenPart {
  readonly page: PageRecord;
  isFirst: boolean;
  revisions: number;
  /** Of the parts before this one. */
  revisionsBefore: number;
}

/** Cuts a sequence of pages and revisions into chunks; a cut may lie between any two revisions of a page. */
export class ChunkBuilder {
  readonly #targets: ChunkTargets;
  readonly #finished: EncodedChunk[] = [];
  /** Parts that are closed, and the revisions of the open one: a part's head says how many it has. */
  readonly #closed = new ByteWriter(1 << 18);
  readonly #revisions = new ByteWriter(1 << 18);
  readonly #head = new ByteWriter(32);
  readonly #printer: PagePrinter | null;
  #prints: PagePrint[] = [];
  #open: OpenPart | null = null;
  #partCount = 0;
  #pageCount = 0;
  #revisionCount = 0;
  #contentBytes = 0;
  #firstPageId = 0;
  #lastPageId = 0;
  #endsPage = true;

  constructor(targets: ChunkTargets) {
    this.#targets = targets;
    this.#printer = targets.prints === true ? new PagePrinter() : null;
  }

  beginPage(page: PageRecord): void {
    this.#open = { page, isFirst: true, revisions: 0, revisionsBefore: 0 };
  }

  /** Adds a revision of the page that was begun: the one at `at` of the arena. */
  addRevision(arena: RevisionArena, at: number): void {
    const open = this.#openPart();
    // Cut before a revision, not after one: only then is it known that the page goes on.
    if (this.#isFull() && this.#revisionCount > 0) {
      if (open.revisions > 0) this.#closePart(open, false);
      this.#cut();
    }
    arena.copy(at, this.#revisions);
    open.revisions += 1;
    this.#revisionCount += 1;
    this.#contentBytes += arena.contentBytes(at);
  }

  endPage(): void {
    this.#closePart(this.#openPart(), true);
    this.#open = null;
    if (this.#isFull()) this.#cut();
  }

  /** The chunks that are complete by now. */
  takeFinished(): EncodedChunk[] {
    return this.#finished.splice(0);
  }

  /** Ends the last chunk, however small. */
  finish(): void {
    if (this.#partCount > 0) this.#cut();
  }

  #openPart(): OpenPart {
    if (this.#open === null) throw new Error('no page was begun');
    return this.#open;
  }

  #closePart(part: OpenPart, isLast: boolean): void {
    const { page, isFirst } = part;
    encodePartHead(this.#closed, { page, isFirst, isLast }, part.revisions);
    this.#closed.append(this.#revisions);
    if (this.#printer !== null) {
      this.#printer.add(this.#revisions.view());
      if (isLast) this.#prints.push(this.#printer.finish(page, part.revisionsBefore + part.revisions));
    }
    this.#revisions.reset();
    part.isFirst = false;
    part.revisionsBefore += part.revisions;
    part.revisions = 0;
    if (this.#partCount === 0) this.#firstPageId = page.id;
    this.#partCount += 1;
    this.#pageCount += isFirst ? 1 : 0;
    this.#lastPageId = page.id;
    this.#endsPage = isLast;
  }

  #isFull(): boolean {
    // Pages without revisions count, too, or a chunk of nothing else would never end.
    return (
      this.#revisionCount >= this.#targets.revisions ||
      this.#contentBytes >= this.#targets.bytes ||
      this.#partCount >= this.#targets.revisions
    );
  }

  #cut(): void {
    const revisionCount = this.#revisionCount;
    const contentBytes = this.#contentBytes;
    const head = this.#head;
    head.reset();
    encodeChunkHead(head, this.#partCount, { revisionCount, contentBytes });
    const bytes = Buffer.allocUnsafeSlow(head.length + this.#closed.length);
    bytes.set(head.view(), 0);
    bytes.set(this.#closed.view(), head.length);
    this.#finished.push({
      bytes,
      revisionCount,
      contentBytes,
      pageCount: this.#pageCount,
      firstPageId: this.#firstPageId,
      lastPageId: this.#lastPageId,
      endsPage: this.#endsPage,
      ...(this.#printer === null ? {} : { prints: this.#prints }),
    });
    this.#prints = [];
    this.#closed.reset();
    this.#partCount = 0;
    this.#pageCount = 0;
    this.#revisionCount = 0;
    this.#contentBytes = 0;
  }
}
