import { Random } from '../../../../core/random.ts';
import { addDays, type IsoDay } from '../../model/days.ts';
import type { Flows } from '../../model/series.ts';
import { type Finishes, simulate, weekOfShare } from './simulate.ts';
import { fewestWeeks, outcomesBefore } from './week-outcomes.ts';

export const shares = [0.5, 0.7, 0.85, 0.95] as const;

export type MonteCarlo =
  /** Nothing is open. */
  | { readonly kind: 'complete' }
  | { readonly kind: 'not-enough-data'; readonly weeks: number }
  /** In none of the weeks more was finished than reopened: no path ever ends. */
  | { readonly kind: 'no-progress'; readonly weeks: number }
  | {
      readonly kind: 'forecast';
      readonly weeks: number;
      readonly paths: number;
      /** What is open today only. */
      readonly fixed: Outcomes;
      /** With the scope changing as it did. */
      readonly changing: Outcomes;
    };

export interface Outcomes {
  /** For each of {@link shares}: the day by which that share of the paths is done; null beyond three years. */
  readonly dates: readonly (IsoDay | null)[];
  /** The share of the paths without a date within three years, 0 to 1. */
  readonly noDate: number;
  /** How many paths end in each week from now, from week 1 on, without trailing zeros. */
  readonly inWeek: readonly number[];
}

export interface MonteCarloInput {
  readonly open: number;
  readonly flows: Flows;
  /** The week at whose end the forecast is made: an index into the flows. */
  readonly week: number;
  readonly day: IsoDay;
  readonly paths: number;
  /** What the seed is made of: the same name gives the same forecast. */
  readonly seed: string;
}

/** A forecast by playing the future many times with weeks like the last twelve. */
export function monteCarlo(input: MonteCarloInput): MonteCarlo {
  if (input.open <= 0) return { kind: 'complete' };
  const outcomes = outcomesBefore(input.flows, input.week);
  const weeks = outcomes.length;
  if (weeks < fewestWeeks) return { kind: 'not-enough-data', weeks };
  if (outcomes.every((outcome) => outcome.progress <= 0)) return { kind: 'no-progress', weeks };
  const { fixed, changing } = simulate(input.open, outcomes, input.paths, new Random(0, input.seed));
  return {
    kind: 'forecast',
    weeks,
    paths: input.paths,
    fixed: summary(fixed, input.day),
    changing: summary(changing, input.day),
  };
}

function summary(finishes: Finishes, day: IsoDay): Outcomes {
  const last = finishes.inWeek.findLastIndex((n) => n > 0);
  return {
    dates: shares.map((share) => {
      const week = weekOfShare(finishes, share);
      return week === null ? null : addDays(day, 7 * week);
    }),
    noDate: finishes.never / finishes.paths,
    inWeek: [...finishes.inWeek.subarray(1, last + 1)],
  };
}
