import { Random } from '../../../../core/random.ts';
import type { Flows } from '../../model/series.ts';
import { shares } from './monte-carlo.ts';
import { horizonWeeks, simulate, weekOfShare } from './simulate.ts';
import { fewestWeeks, outcomeOf, outcomesBefore } from './week-outcomes.ts';

/** How often forecasts of the past came true. */
export interface BackTest {
  /** Forecasts that were made, one for each past week with enough data and something open. */
  readonly made: number;
  readonly fixed: readonly Coverage[];
  readonly changing: readonly Coverage[];
}

export interface Coverage {
  /** What was promised: one of {@link shares}. */
  readonly share: number;
  /** Forecasts whose date has come, and those of them that were done by then. */
  readonly due: number;
  readonly kept: number;
  /** Forecasts whose date is still to come, or that had none. */
  readonly pending: number;
  /** The 95 % interval of the true share (Wilson), as if forecasts were independent; null when none is due. */
  readonly interval: readonly [low: number, high: number] | null;
}

export interface BackTestInput {
  readonly flows: Flows;
  /** What was open at the end of each week. */
  readonly open: readonly number[];
  readonly paths: number;
  readonly seed: string;
}

/**
 * Makes the forecast of each past week again with only what was known then, and looks what came. What is asked of the
 * fixed forecast: when was as much finished as was open then? Of the changing one: when was nothing open?
 *
 * Whether a forecast counts is decided by its date alone. A later date is pending even if the work is done already:
 * to count the early successes and not their failures would flatter.
 */
export function backTest(input: BackTestInput): BackTest {
  const weeks = input.flows.resolved.length;
  const tallies = {
    fixed: shares.map(() => ({ due: 0, kept: 0, pending: 0 })),
    changing: shares.map(() => ({ due: 0, kept: 0, pending: 0 })),
  };
  let made = 0;
  for (let week = fewestWeeks; week < weeks - 1; week++) {
    const open = input.open[week] ?? 0;
    const outcomes = outcomesBefore(input.flows, week);
    if (open <= 0 || outcomes.length < fewestWeeks) continue;
    made++;
    const random = new Random(week, input.seed);
    // What a path does after today is of no account: its promise is pending.
    const known = Math.min(horizonWeeks, weeks - 1 - week);
    const simulated = simulate(open, outcomes, input.paths, random, known);
    const finished = {
      fixed: firstWeekDone(input.flows, week, open),
      changing: firstWeekEmpty(input.open, week),
    };
    for (const kind of ['fixed', 'changing'] as const) {
      shares.forEach((share, i) => {
        const tally = tallies[kind][i];
        const promised = weekOfShare(simulated[kind], share);
        if (tally === undefined) return;
        if (promised === null || week + promised >= weeks) tally.pending++;
        else {
          tally.due++;
          if (finished[kind] <= week + promised) tally.kept++;
        }
      });
    }
  }
  const coverage = (kind: 'fixed' | 'changing') =>
    tallies[kind].map((tally, i) => ({
      share: shares[i] ?? 0,
      ...tally,
      interval: tally.due === 0 ? null : wilson(tally.kept, tally.due),
    }));
  return { made, fixed: coverage('fixed'), changing: coverage('changing') };
}

/** The week at whose end as much is finished as was open; infinity if not yet. */
function firstWeekDone(flows: Flows, from: number, open: number): number {
  let done = 0;
  for (let week = from + 1; week < flows.resolved.length; week++) {
    done += outcomeOf(flows, week).progress;
    if (done >= open - 1e-9) return week;
  }
  return Number.POSITIVE_INFINITY;
}

function firstWeekEmpty(open: readonly number[], from: number): number {
  const week = open.findIndex((value, i) => i > from && value <= 1e-9);
  return week < 0 ? Number.POSITIVE_INFINITY : week;
}

/** The score interval of a proportion at 95 %: it behaves for few trials and near 0 and 1. */
export function wilson(successes: number, trials: number): readonly [number, number] {
  const z = 1.959964;
  const p = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const centre = p + z ** 2 / (2 * trials);
  const half = z * Math.sqrt((p * (1 - p)) / trials + z ** 2 / (4 * trials ** 2));
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}
