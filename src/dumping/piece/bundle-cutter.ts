/** How large bundles may become. */
export interface BundleLimits {
  /** Raw bytes. A single revision that is larger makes a bundle of its own. */
  readonly rawBytes: number;
  /** Pages that may begin in one bundle. */
  readonly pages: number;
}

/**
 * Says where a lane's bytes are cut into bundles, while they are appended: at the end of a page where that fills the
 * bundle at least by half, otherwise between two revisions. Keeps offsets only, relative to the bundle's beginning.
 */
export class BundleCutter {
  readonly #limits: BundleLimits;
  #revisionEnd = 0;
  #pageEnd = 0;
  #pagesEnded = 0;

  constructor(limits: BundleLimits) {
    this.#limits = limits;
  }

  /**
   * Tells that `length` bytes are now in the bundle, up to the end of a revision or page.
   * @returns how many bytes of them make a bundle now, and whether it ends with a page; null: go on. After a cut the
   *   same boundary is told again with what is left, until the answer is null or nothing is left.
   */
  boundary(length: number, kind: 'revision' | 'page'): { bytes: number; whole: boolean } | null {
    if (length > this.#limits.rawBytes) {
      const cut = this.#lastGoodCut() ?? { bytes: length, whole: kind === 'page' };
      this.#restart(cut.bytes);
      return cut;
    }
    this.#note(length, kind);
    if (kind === 'page' && this.#pagesEnded >= this.#limits.pages) {
      this.#restart(length);
      return { bytes: length, whole: true };
    }
    return null;
  }

  /** The bundle was ended from outside. */
  reset(): void {
    this.#revisionEnd = 0;
    this.#pageEnd = 0;
    this.#pagesEnded = 0;
  }

  #lastGoodCut(): { bytes: number; whole: boolean } | null {
    if (
      this.#pageEnd * 2 >= this.#limits.rawBytes ||
      (this.#pageEnd > 0 && this.#pageEnd >= this.#revisionEnd)
    ) {
      return { bytes: this.#pageEnd, whole: true };
    }
    if (this.#revisionEnd > 0) return { bytes: this.#revisionEnd, whole: false };
    return null;
  }

  #note(length: number, kind: 'revision' | 'page'): void {
    if (kind === 'revision') this.#revisionEnd = length;
    else {
      this.#pageEnd = length;
      this.#pagesEnded += 1;
    }
  }

  #restart(cut: number): void {
    // A revision that ended after the cut is the only boundary that stays of interest.
    this.#revisionEnd = Math.max(0, this.#revisionEnd - cut);
    this.#pageEnd = 0;
    this.#pagesEnded = 0;
  }
}
