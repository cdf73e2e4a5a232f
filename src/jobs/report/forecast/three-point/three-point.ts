import { addDays, daysBetween, type IsoDay, monthsBefore } from '../../model/days.ts';
import type { WeeklyLevel } from './weekly-levels.ts';

export const outlooks = ['pessimistic', 'nominal', 'optimistic'] as const;
export type Outlook = (typeof outlooks)[number];

/** Velocity and growth in units a week; null weeks are explained by {@link ThreePointWeek.state}. */
export interface Pace {
  readonly velocity: number;
  readonly growth: number;
  readonly weeksLeft: number | null;
}

export interface ThreePointWeek extends WeeklyLevel {
  /** Change since the week before; 0 where that week has no row. */
  readonly resolvedDelta: number;
  readonly totalDelta: number;
  /** All is resolved, nothing was ever resolved, or there is something to forecast. */
  readonly state: 'complete' | 'unstarted' | 'open';
  readonly pessimistic: Pace;
  readonly nominal: Pace;
  readonly optimistic: Pace;
}

/**
 * The forecast of the old reports, for each week with what was known then:
 *
 * - velocity: the 3 smallest weekly changes of 3 months, negative ones as 0, divided by 3; the mean of 3 weeks, at least
 *   1; the 3 largest of 3 months divided by 3, at least 2. Divided by 3 even when there are fewer.
 * - growth: none when optimistic; the mean of 3 weeks, negative ones as 0; pessimistic, the mean over 3 months or the 3
 *   largest divided by 3, whichever is more.
 * - weeks left: what is open over velocity less growth, rounded half to even.
 *
 * "Velocity" is the change of a level, so tasks that are reopened, moved or re-estimated count as well.
 */
export function threePoint(levels: readonly WeeklyLevel[]): readonly ThreePointWeek[] {
  const deltas = levels.map((level, i) => {
    const before = levels[i - 1];
    const follows = before !== undefined && daysBetween(before.week, level.week) === 7;
    return {
      week: level.week,
      resolved: follows ? level.resolved - before.resolved : 0,
      total: follows ? level.total - before.total : 0,
    };
  });
  let everResolved = false;
  return levels.map((level, i) => {
    everResolved ||= level.resolved > 0;
    const months = since(monthsBefore(level.week, 3), i);
    const weeks = since(addDays(level.week, -21), i);
    const growths = months.map((delta) => Math.max(0, delta.total));
    const state = level.resolved >= level.total ? 'complete' : everResolved ? 'open' : 'unstarted';
    const pace = (velocity: number, growth: number): Pace => ({
      velocity,
      growth,
      weeksLeft: state === 'open' ? weeksLeft(level.total - level.resolved, velocity - growth) : null,
    });
    return {
      ...level,
      resolvedDelta: deltas[i]?.resolved ?? 0,
      totalDelta: deltas[i]?.total ?? 0,
      state,
      pessimistic: pace(
        sum(smallest(months.map((d) => d.resolved)).map((x) => Math.max(0, x))) / 3,
        Math.max(mean(growths), sum(largest(growths)) / 3),
      ),
      nominal: pace(
        Math.max(1, mean(weeks.map((d) => d.resolved))),
        mean(weeks.map((d) => Math.max(0, d.total))),
      ),
      optimistic: pace(Math.max(2, sum(largest(months.map((d) => d.resolved))) / 3), 0),
    };
  });

  /** The rows after a day, up to one of them. ISO days compare as text. */
  function since(day: IsoDay, last: number): typeof deltas {
    let first = last;
    while (first > 0 && (deltas[first - 1]?.week ?? '') > day) first--;
    return deltas.slice(first, last + 1);
  }
}

/** The day on which all is done at a pace; null if never. */
export function dateOf(week: IsoDay, pace: Pace): IsoDay | null {
  return pace.weeksLeft === null ? null : addDays(week, 7 * pace.weeksLeft);
}

function weeksLeft(open: number, rate: number): number | null {
  return rate > 0 ? roundHalfEven(open / rate) : null;
}

export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

function smallest(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b).slice(0, 3);
}

function largest(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => b - a).slice(0, 3);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
