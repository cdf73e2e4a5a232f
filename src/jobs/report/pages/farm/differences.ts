import type { Unit } from '../../model/series.ts';
import type { ReportJson, SeriesJson } from '../data/report-json.ts';

/** One number of a day's report that is not the same when it is reckoned again. */
export interface Difference {
  readonly category: string;
  readonly unit: Unit;
  readonly what: 'total' | 'resolved' | 'nominal';
  readonly published: string | number | null;
  readonly recomputed: string | number | null;
}

export interface Differences {
  readonly numbers: readonly Difference[];
  /** What else is not the same, and by which the numbers may be explained. */
  readonly reasons: readonly Reason[];
}

export type Reason =
  | { readonly kind: 'category-new' | 'category-gone'; readonly category: string }
  | {
      readonly kind: 'setting';
      readonly name: string;
      readonly published: string;
      readonly recomputed: string;
    }
  | { readonly kind: 'rules' }
  | { readonly kind: 'start'; readonly published: string; readonly recomputed: string }
  | { readonly kind: 'source'; readonly published: string | null; readonly recomputed: string | null }
  | { readonly kind: 'estimated'; readonly published: number; readonly recomputed: number }
  | { readonly kind: 'gone'; readonly tasks: number };

/** Compares what was published of a day with what today's data and rules say of it. */
export function differencesOf(published: ReportJson, recomputed: ReportJson): Differences {
  const numbers: Difference[] = [];
  for (const unit of ['points', 'count'] as const) {
    const [before, after] = [published[unit], recomputed[unit]];
    const names = [...new Set([...before.categories, ...after.categories].map((category) => category.name))];
    for (const name of names) {
      const of = (report: typeof before) => report.categories.find((category) => category.name === name);
      numbers.push(...compare(name, unit, of(before), of(after)));
    }
    numbers.push(...compare('', unit, before.whole, after.whole));
  }
  return { numbers, reasons: reasonsOf(published, recomputed) };
}

function compare(
  category: string,
  unit: Unit,
  before: SeriesJson | undefined,
  after: SeriesJson | undefined,
): readonly Difference[] {
  const values = (series: SeriesJson | undefined) => ({
    total: series?.total ?? null,
    resolved: series?.resolved ?? null,
    nominal: series?.threePoint?.nominal.date ?? null,
  });
  const [a, b] = [values(before), values(after)];
  return (['total', 'resolved', 'nominal'] as const)
    .filter((what) => a[what] !== b[what])
    .map((what) => ({ category, unit, what, published: a[what], recomputed: b[what] }));
}

function reasonsOf(published: ReportJson, recomputed: ReportJson): readonly Reason[] {
  const reasons: Reason[] = [];
  const names = (report: ReportJson) => new Set(report.count.categories.map((category) => category.name));
  const [before, after] = [names(published), names(recomputed)];
  for (const category of after) if (!before.has(category)) reasons.push({ kind: 'category-new', category });
  for (const category of before) if (!after.has(category)) reasons.push({ kind: 'category-gone', category });
  for (const [name, value] of Object.entries(recomputed.settings)) {
    const old = Object.entries(published.settings).find(([key]) => key === name)?.[1];
    if (old !== value)
      reasons.push({ kind: 'setting', name, published: String(old), recomputed: String(value) });
  }
  if (published.rulesDigest !== recomputed.rulesDigest) reasons.push({ kind: 'rules' });
  if (published.start !== recomputed.start) {
    reasons.push({ kind: 'start', published: published.start, recomputed: recomputed.start });
  }
  const { quality } = published;
  if (quality.sourceAt !== recomputed.quality.sourceAt) {
    reasons.push({ kind: 'source', published: quality.sourceAt, recomputed: recomputed.quality.sourceAt });
  }
  if (quality.estimatedClosures !== recomputed.quality.estimatedClosures) {
    reasons.push({
      kind: 'estimated',
      published: quality.estimatedClosures,
      recomputed: recomputed.quality.estimatedClosures,
    });
  }
  if (recomputed.quality.gone > 0) reasons.push({ kind: 'gone', tasks: recomputed.quality.gone });
  return reasons;
}
