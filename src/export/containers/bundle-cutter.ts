/**
 * A run of bytes that is never cut: a revision; the first with its page's head, the last with its page's tail. Of a
 * page with one revision it is the page.
 */
export interface Segment {
  readonly rawBytes: number;
  readonly startsPage: boolean;
}

export interface BundleRule {
  /** A bundle is no longer than this, except that a longer segment is a bundle of its own. */
  readonly targetBytes: number;
  readonly maxPages: number;
  /** Cut between pages where a bundle holds more than one, so that only a page longer than the target is cut. */
  readonly preferWholePages: boolean;
}

/**
 * bzip2 fills blocks of 900,000 bytes less 19, after runs of equal bytes are shortened (or, rarely, lengthened): with
 * 890,000 a bundle is one block but for odd texts.
 */
export const bz2BundleBytes = 890_000;
/** Where the ratio of zst frames of dumps levels off. */
export const zstBundleBytes = 16 * 1024 * 1024;

/** For files that are also published as multistream, whose streams hold at most 100 whole pages. */
export const bz2PagesRule: BundleRule = {
  targetBytes: bz2BundleBytes,
  maxPages: 100,
  preferWholePages: true,
};
export const bz2HistoryRule: BundleRule = {
  targetBytes: bz2BundleBytes,
  maxPages: Number.POSITIVE_INFINITY,
  preferWholePages: true,
};
export const zstRule: BundleRule = {
  targetBytes: zstBundleBytes,
  maxPages: Number.POSITIVE_INFINITY,
  preferWholePages: true,
};

/**
 * Decides where bundles end, from the segments' lengths alone, so that the same segments give the same bundles
 * everywhere. Looks back over the open bundle only: the caller holds at most `targetBytes`, or one longer segment.
 */
export class BundleCutter {
  readonly #rule: BundleRule;
  #open: Segment[] = [];
  #bytes = 0;
  #pages = 0;

  constructor(rule: BundleRule) {
    this.#rule = rule;
  }

  /**
   * Takes the next segment.
   * @returns for each bundle that is now complete, the number of its segments, counted from the first not yet
   *   bundled: none, one or (rarely) more
   */
  add(segment: Segment): readonly number[] {
    const closed: number[] = [];
    while (this.#open.length > 0 && !this.#fits(segment)) closed.push(this.#close(this.#cutPlace(segment)));
    this.#open.push(segment);
    this.#bytes += segment.rawBytes;
    if (segment.startsPage || this.#open.length === 1) this.#pages += 1;
    if (this.#open.length === 1 && this.#bytes >= this.#rule.targetBytes) closed.push(this.#close(1));
    return closed;
  }

  /** Ends the open bundle, at the end of a piece or file. */
  finish(): readonly number[] {
    return this.#open.length === 0 ? [] : [this.#close(this.#open.length)];
  }

  #fits(segment: Segment): boolean {
    if (segment.startsPage && this.#pages >= this.#rule.maxPages) return false;
    return this.#bytes + segment.rawBytes <= this.#rule.targetBytes;
  }

  /** How many of the open segments make the bundle that must end now. */
  #cutPlace(next: Segment): number {
    if (!this.#rule.preferWholePages || next.startsPage) return this.#open.length;
    const lastPage = this.#open.findLastIndex((segment) => segment.startsPage);
    return lastPage > 0 ? lastPage : this.#open.length;
  }

  #close(count: number): number {
    this.#open = this.#open.slice(count);
    this.#bytes = this.#open.reduce((sum, segment) => sum + segment.rawBytes, 0);
    this.#pages = this.#open.filter((segment, i) => segment.startsPage || i === 0).length;
    return count;
  }
}
