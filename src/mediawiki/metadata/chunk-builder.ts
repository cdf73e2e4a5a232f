import type { PagePart, RecordChunk } from '../record/page-part.ts';
import type { PageRecord, RevisionRecord } from '../record/revision-record.ts';

export interface ChunkTargets {
  readonly revisions: number;
  readonly bytes: number;
}

/** Cuts a sequence of pages and revisions into chunks; a cut may lie between any two revisions of a page. */
export class ChunkBuilder {
  readonly #targets: ChunkTargets;
  readonly #finished: RecordChunk[] = [];
  #parts: PagePart[] = [];
  #revisionCount = 0;
  #contentBytes = 0;
  #page: PageRecord | null = null;
  #isFirst = true;
  #revisions: RevisionRecord[] = [];

  constructor(targets: ChunkTargets) {
    this.#targets = targets;
  }

  beginPage(page: PageRecord): void {
    this.#page = page;
    this.#isFirst = true;
    this.#revisions = [];
  }

  addRevision(revision: RevisionRecord): void {
    // Cut before a revision, not after one: only then is it known that the page goes on.
    if (this.#isFull() && this.#revisionCount > 0) {
      if (this.#revisions.length > 0) this.#closePart(false);
      this.#cut();
    }
    this.#revisions.push(revision);
    this.#revisionCount++;
    for (const slot of revision.slots) this.#contentBytes += slot.sizeBytes;
  }

  endPage(): void {
    this.#closePart(true);
    this.#page = null;
    if (this.#isFull()) this.#cut();
  }

  /** The chunks that are complete by now. */
  takeFinished(): RecordChunk[] {
    return this.#finished.splice(0);
  }

  /** Ends the last chunk, however small. */
  finish(): void {
    if (this.#parts.length > 0) this.#cut();
  }

  #closePart(isLast: boolean): void {
    if (this.#page === null) throw new Error('no page was begun');
    this.#parts.push({ page: this.#page, isFirst: this.#isFirst, isLast, revisions: this.#revisions });
    this.#isFirst = false;
    this.#revisions = [];
  }

  #isFull(): boolean {
    // Pages without revisions count, too, or a chunk of nothing else would never end.
    return (
      this.#revisionCount >= this.#targets.revisions ||
      this.#contentBytes >= this.#targets.bytes ||
      this.#parts.length >= this.#targets.revisions
    );
  }

  #cut(): void {
    this.#finished.push({
      parts: this.#parts,
      revisionCount: this.#revisionCount,
      contentBytes: this.#contentBytes,
    });
    this.#parts = [];
    this.#revisionCount = 0;
    this.#contentBytes = 0;
  }
}
