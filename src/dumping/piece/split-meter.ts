import type { PagePart } from '../../mediawiki/record/page-part.ts';
import type { SplitSegment, SplitSpec } from './piece-spec.ts';

/** What a meter needs of a lane. */
export interface MeteredLane {
  readonly given: { readonly rawBytes: number; readonly pages: number };
  /** In the middle of what is copied from the date before: nothing can end here. */
  readonly isCopying: boolean;
  endBundle(): void;
}

/**
 * Ends the bundles of a group's lanes wherever its files are, or might be, cut, and measures what lies between: the
 * lanes have bundles of different sizes, but all formats and kinds of a group are cut at the same pages.
 */
export class SplitMeter {
  readonly group: SplitSpec['group'];
  readonly segments: SplitSegment[] = [];
  readonly #spec: SplitSpec;
  readonly #lanes: readonly MeteredLane[];
  #nextCut = 0;
  #base: readonly { readonly rawBytes: number; readonly pages: number }[];
  #lastPage = 0;
  #isInPage = false;

  constructor(spec: SplitSpec, lanes: readonly MeteredLane[]) {
    this.group = spec.group;
    this.#spec = spec;
    this.#lanes = lanes;
    this.#base = lanes.map((lane) => lane.given);
  }

  /** Before anything of the page is written. */
  before(part: PagePart): void {
    const { cuts } = this.#spec;
    for (let cut = cuts[this.#nextCut]; cut !== undefined && cut < part.page.id; cut = cuts[this.#nextCut]) {
      this.#endSegment();
      this.#nextCut += 1;
    }
    this.#lastPage = part.page.id;
    this.#isInPage = true;
  }

  after(part: PagePart): void {
    if (!part.isLast) return;
    this.#isInPage = false;
    const { rawBytes, pages } = this.#since();
    const isFull = rawBytes >= this.#spec.everyRawBytes || pages >= this.#spec.everyPages;
    if (isFull && !this.#lanes.some((lane) => lane.isCopying)) this.#endSegment();
  }

  finish(): void {
    this.#endSegment();
  }

  #since(): { readonly rawBytes: number; readonly pages: number } {
    let rawBytes = 0;
    let pages = 0;
    for (const [index, lane] of this.#lanes.entries()) {
      const { given } = lane;
      const base = this.#base[index];
      rawBytes = Math.max(rawBytes, given.rawBytes - (base?.rawBytes ?? 0));
      pages = Math.max(pages, given.pages - (base?.pages ?? 0));
    }
    return { rawBytes, pages };
  }

  #endSegment(): void {
    const since = this.#since();
    if (since.rawBytes === 0) return;
    this.segments.push({ lastPage: this.#lastPage, ...since, whole: !this.#isInPage });
    for (const lane of this.#lanes) lane.endBundle();
    this.#base = this.#lanes.map((lane) => lane.given);
  }
}
