import type { ScopeConfig } from '../../../config/scope-config.ts';
import { addDays, dayNumber, type IsoDay, quarterStart } from '../model/days.ts';

export interface ScopePeriod {
  readonly start: IsoDay;
  readonly asOf: IsoDay;
  readonly cutoff: IsoDay | null;
  readonly statusWindow: { readonly from: IsoDay; readonly to: IsoDay };
  readonly lastQuarter: { readonly from: IsoDay; readonly to: IsoDay };
}

/** The days that a scope's report is about, with what its settings leave open. A start that lies ahead is the as-of day. */
export function scopePeriod(scope: ScopeConfig, asOf: IsoDay): ScopePeriod {
  const quarter = quarterStart(asOf);
  const lastQuarterStart = quarterStart(addDays(quarter, -1));
  const earlier = (a: IsoDay, b: IsoDay) => (dayNumber(a) <= dayNumber(b) ? a : b);
  const from = earlier(scope.statusReport?.start ?? quarter, asOf);
  return {
    start: earlier(scope.startDate ?? lastQuarterStart, asOf),
    asOf,
    cutoff: scope.resolvedCutoff === 'quarter' ? quarter : (scope.resolvedCutoff?.date ?? null),
    statusWindow: { from, to: earlier(scope.statusReport?.end ?? asOf, asOf) },
    lastQuarter: { from: lastQuarterStart, to: addDays(quarter, -1) },
  };
}
