import type { Flows } from '../../model/series.ts';

/** What one week did: work finished (less what was reopened), and what the scope grew by. */
export interface WeekOutcome {
  readonly progress: number;
  readonly scope: number;
}

/** How many weeks are drawn from, and how few make no forecast. */
export const windowWeeks = 12;
export const fewestWeeks = 8;

/**
 * The weeks that a forecast made at the end of week `end` draws from: at most 12, none before the first week in which
 * anything happened, and never week 0, which has nothing before it to compare with.
 */
export function outcomesBefore(flows: Flows, end: number): readonly WeekOutcome[] {
  const outcomes: WeekOutcome[] = [];
  for (let week = Math.max(firstWeek(flows), end - windowWeeks + 1); week <= end; week++) {
    outcomes.push(outcomeOf(flows, week));
  }
  return outcomes;
}

export function outcomeOf(flows: Flows, week: number): WeekOutcome {
  const at = (series: Float64Array) => series[week] ?? 0;
  return {
    progress: at(flows.resolved) - at(flows.reopened),
    scope: at(flows.added) - at(flows.removed) + at(flows.reestimated),
  };
}

/** A scope that had tasks before its history began has flows only where something moved; quiet weeks after count. */
function firstWeek(flows: Flows): number {
  const all = Object.values(flows) as readonly Float64Array[];
  const length = flows.resolved.length;
  for (let week = 1; week < length; week++) {
    if (all.some((series) => (series[week] ?? 0) !== 0)) return week;
  }
  return length;
}
