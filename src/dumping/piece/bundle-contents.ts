/** What is in a bundle that was just cut. */
export interface TakenContents {
  readonly firstPage: number;
  readonly lastPage: number;
  /** Pages that begin in it: id, and title where titles are kept. */
  readonly begun: readonly BegunPage[];
  readonly revisions: number;
}

interface BegunPage {
  readonly at: number;
  readonly id: number;
  readonly title: string;
}

/**
 * Keeps which pages and revisions lie in a lane's buffer, by offset, so that a cut anywhere tells what it took.
 * Memory: one small object a page and one number a revision of the bundle.
 */
export class BundleContents {
  /** The page in the middle of which the buffer begins; 0: none. */
  #continued = 0;
  #begun: BegunPage[] = [];
  /** Offsets of the revisions' ends. */
  #revisionEnds: number[] = [];

  begin(at: number, id: number, title: string): void {
    this.#begun.push({ at, id, title });
  }

  /** A page goes on that was begun in another piece. Telling it again changes nothing. */
  continue(id: number): void {
    if (this.#begun.length === 0) this.#continued = id;
  }

  /** Something was written past the buffer, up to the middle of a page (0: up to the end of one). */
  resume(page: number): void {
    this.#continued = page;
  }

  revisionEnded(at: number): void {
    this.#revisionEnds.push(at);
  }

  /** Takes the first `bytes` out of the buffer. */
  take(bytes: number, whole: boolean): TakenContents {
    const pages = countBefore(this.#begun.length, (index) => (this.#begun[index]?.at ?? 0) < bytes);
    const ends = countBefore(this.#revisionEnds.length, (index) => (this.#revisionEnds[index] ?? 0) <= bytes);
    const begun = this.#begun.slice(0, pages);
    const lastPage = begun.at(-1)?.id ?? this.#continued;
    const firstPage = this.#continued === 0 ? (begun[0]?.id ?? 0) : this.#continued;
    this.#begun = this.#begun.slice(pages).map((page) => ({ ...page, at: page.at - bytes }));
    this.#revisionEnds = this.#revisionEnds.slice(ends).map((at) => at - bytes);
    this.#continued = whole ? 0 : lastPage;
    return { firstPage, lastPage, begun, revisions: ends };
  }
}

/** How many of the first entries satisfy a condition that the later ones do not. */
function countBefore(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
