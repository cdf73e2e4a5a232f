import { dayNumber, type IsoDay, type Period, weekEnds } from '../../model/days.ts';
import type { DailySeries, Unit } from '../../model/series.ts';

/** A category at the end of a week. */
export interface WeeklyLevel {
  readonly week: IsoDay;
  readonly total: number;
  readonly resolved: number;
}

/**
 * The weeks in which there is a task in any state, the oldest first. A week without one has no row, as in the tables of
 * the old reports; that decides how many rows a mean is taken of.
 */
export function weeklyLevels(
  period: Period,
  daily: readonly DailySeries[],
  unit: Unit,
): readonly WeeklyLevel[] {
  const start = dayNumber(period.start);
  const sum = (field: keyof DailySeries, day: number) =>
    daily.reduce((total, series) => total + (series[field][day] ?? 0), 0);
  const [openField, resolvedField] =
    unit === 'points'
      ? (['openPoints', 'resolvedPoints'] as const)
      : (['openCount', 'resolvedCount'] as const);
  const levels: WeeklyLevel[] = [];
  for (const week of weekEnds(period)) {
    const day = dayNumber(week) - start;
    if (sum('openCount', day) + sum('resolvedCount', day) === 0) continue;
    const resolved = sum(resolvedField, day);
    levels.push({ week, total: sum(openField, day) + resolved, resolved });
  }
  return levels;
}
