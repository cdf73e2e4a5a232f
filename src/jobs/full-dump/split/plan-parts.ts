import type { PageRange, SplitSegment } from '../../../dumping/piece/piece-spec.ts';

export interface SplitLimits {
  /** Of one part before compression, head and foot included; null: any. */
  readonly maxRawBytes: number | null;
  readonly maxPages: number | null;
}

export interface PlanPartsOptions {
  readonly limits: SplitLimits;
  /** Head and foot of each part's XML. */
  readonly frameBytes: number;
  /** The last pages of parts that are taken over from the date before, rising. */
  readonly cuts: readonly number[];
  /** Where the last part ends. */
  readonly greatestPageId: number;
}

/**
 * Cuts an output into parts of consecutive pages. Parts that are taken over keep their ranges, whatever they hold now;
 * what follows them is filled up to the limits. A part is larger than a limit only where it is taken over or has no
 * place to be cut: a page always stays whole. The first part begins with page 1, each other one right after the one
 * before.
 */
export function planParts(
  segments: readonly SplitSegment[],
  options: PlanPartsOptions,
): readonly PageRange[] {
  const { cuts, limits } = options;
  const parts: PageRange[] = [];
  let firstPageId = 1;
  const end = (lastPageId: number) => {
    parts.push({ firstPageId, lastPageId });
    firstPageId = lastPageId + 1;
  };
  for (const cut of cuts) end(cut);
  const open = wholePages(segments).filter((unit) => unit.lastPage >= firstPageId);
  let part = { rawBytes: options.frameBytes, pages: 0, lastPage: 0 };
  for (const unit of open) {
    const isFull =
      part.rawBytes + unit.rawBytes > (limits.maxRawBytes ?? Infinity) ||
      part.pages + unit.pages > (limits.maxPages ?? Infinity);
    if (part.lastPage > 0 && isFull) {
      end(part.lastPage);
      part = { rawBytes: options.frameBytes, pages: 0, lastPage: 0 };
    }
    part = {
      rawBytes: part.rawBytes + unit.rawBytes,
      pages: part.pages + unit.pages,
      lastPage: unit.lastPage,
    };
  }
  // Behind the parts that are taken over there may be nothing (any more).
  if (open.length > 0 || parts.length === 0) {
    end(Math.max(options.greatestPageId, firstPageId, part.lastPage));
  }
  return parts;
}

type Unit = Omit<SplitSegment, 'whole'>;

/** Joins segments where a piece ended within a page: no file can be cut there. */
function wholePages(segments: readonly SplitSegment[]): readonly Unit[] {
  const units: Unit[] = [];
  let begun: Unit | null = null;
  for (const { whole, ...segment } of segments) {
    const unit: Unit = {
      lastPage: segment.lastPage,
      rawBytes: segment.rawBytes + (begun?.rawBytes ?? 0),
      pages: segment.pages + (begun?.pages ?? 0),
    };
    begun = whole ? null : unit;
    if (whole) units.push(unit);
  }
  return begun === null ? units : [...units, begun];
}
