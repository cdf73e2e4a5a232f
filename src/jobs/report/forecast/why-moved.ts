import { addDays, type IsoDay } from '../model/days.ts';
import type { Flows } from '../model/series.ts';
import { fewestWeeks, outcomesBefore } from './monte-carlo/week-outcomes.ts';

export const moveCauses = ['work', 'added', 'removed', 'reestimated', 'reopened', 'pace'] as const;
export type MoveCause = (typeof moveCauses)[number];

/**
 * Why the expected date is not what it was a week ago. It is the date at the average pace of the last twelve weeks:
 * unlike a percentile it can be taken apart exactly, and the parts add up to the whole.
 */
export type WhyMoved =
  | { readonly kind: 'not-enough-data' }
  /** There is no date now, or there was none a week ago: the scope grows as fast as work is done. */
  | { readonly kind: 'no-date'; readonly before: IsoDay | null; readonly now: IsoDay | null }
  | {
      readonly kind: 'moved';
      readonly before: IsoDay;
      readonly now: IsoDay;
      /** Days, later is positive; they add up to `days` (fractions, before dates are rounded). */
      readonly days: number;
      readonly parts: readonly {
        readonly cause: MoveCause;
        readonly days: number;
        readonly amount: number;
      }[];
    };

export interface WhyMovedInput {
  readonly flows: Flows;
  /** What was open at the end of each week. */
  readonly open: readonly number[];
  readonly asOf: IsoDay;
}

export function whyMoved({ flows, open, asOf }: WhyMovedInput): WhyMoved {
  const week = flows.resolved.length - 1;
  const [before, now] = [paceAt(flows, week - 1), paceAt(flows, week)];
  if (before === null || now === null) return { kind: 'not-enough-data' };
  const [openBefore, openNow] = [open[week - 1] ?? 0, open[week] ?? 0];
  const lastWeek = addDays(asOf, -7);
  const dateBefore = dateAt(lastWeek, openBefore, before.net);
  const dateNow = dateAt(asOf, openNow, now.net);
  if (dateBefore === null || dateNow === null) return { kind: 'no-date', before: dateBefore, now: dateNow };

  // At the pace of a week ago, each unit that is open more or less than expected is so many days.
  const daysEach = 7 / before.net;
  const at = (series: Float64Array) => series[week] ?? 0;
  const parts: { cause: MoveCause; days: number; amount: number }[] = (
    [
      ['work', -at(flows.resolved), -before.resolved],
      ['added', at(flows.added), before.added],
      ['removed', -at(flows.removed), -before.removed],
      ['reestimated', at(flows.reestimated), before.reestimated],
      ['reopened', at(flows.reopened), before.reopened],
    ] as const
  ).map(([cause, actual, expected]) => ({
    cause,
    days: daysEach * (actual - expected),
    amount: Math.abs(actual),
  }));
  parts.push({
    cause: 'pace',
    days: 7 * openNow * (1 / now.net - 1 / before.net),
    amount: now.net - before.net,
  });
  const days = parts.reduce((sum, part) => sum + part.days, 0);
  return { kind: 'moved', before: dateBefore, now: dateNow, days, parts };
}

interface MeanWeek {
  readonly resolved: number;
  readonly added: number;
  readonly removed: number;
  readonly reestimated: number;
  readonly reopened: number;
  /** By how much the backlog shrinks. */
  readonly net: number;
}

/** The mean week of those that a forecast at the end of a week draws from; null if they are too few. */
function paceAt(flows: Flows, week: number): MeanWeek | null {
  const weeks = outcomesBefore(flows, week).length;
  if (weeks < fewestWeeks) return null;
  const mean = (series: Float64Array) =>
    series.subarray(week - weeks + 1, week + 1).reduce((sum, value) => sum + value, 0) / weeks;
  const [resolved, added, removed, reestimated, reopened] = [
    mean(flows.resolved),
    mean(flows.added),
    mean(flows.removed),
    mean(flows.reestimated),
    mean(flows.reopened),
  ];
  const net = resolved + removed - added - reestimated - reopened;
  return { resolved, added, removed, reestimated, reopened, net };
}

/** Farther than this is no date that anyone should read: three years, as for the other forecasts. */
const farthestDays = 3 * 365;

function dateAt(from: IsoDay, open: number, net: number): IsoDay | null {
  if (open <= 0) return from;
  const days = (7 * open) / net;
  return net > 0 && days <= farthestDays ? addDays(from, Math.round(days)) : null;
}
