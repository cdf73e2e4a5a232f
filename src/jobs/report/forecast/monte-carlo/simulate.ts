import type { Random } from '../../../../core/random.ts';
import type { WeekOutcome } from './week-outcomes.ts';

/** Three years. */
export const horizonWeeks = 156;

/** In which week the paths end. */
export interface Finishes {
  readonly paths: number;
  /** `inWeek[w]`: paths that are done at the end of week w from now, 1 to the horizon; entry 0 is never used. */
  readonly inWeek: Uint32Array;
  /** Paths that are not done within the horizon. */
  readonly never: number;
}

export interface Simulated {
  /** Only what is open today is to be done. */
  readonly fixed: Finishes;
  /** The scope goes on growing and shrinking as it did. */
  readonly changing: Finishes;
}

/**
 * Plays the future: each week of a path is one of the past weeks, its progress and its change of scope taken together,
 * because busy weeks bring both.
 *
 * Twelve weeks are a small sample of how a team works, and a path of many weeks would take their mean for the truth. So
 * each path first draws its own twelve of them, with repeats, and lives in those (a bootstrap of the bootstrap). Without
 * this, forecasts many weeks away are too sure of themselves: see the back-test's test and ADR 26.
 */
export function simulate(
  open: number,
  outcomes: readonly WeekOutcome[],
  paths: number,
  random: Random,
): Simulated {
  const weeks = outcomes.length;
  const progress = Float64Array.from(outcomes, (outcome) => outcome.progress);
  const scope = Float64Array.from(outcomes, (outcome) => outcome.scope);
  const drawn = new Uint16Array(weeks);
  const fixed = new Uint32Array(horizonWeeks + 1);
  const changing = new Uint32Array(horizonWeeks + 1);
  for (let path = 0; path < paths; path++) {
    for (let i = 0; i < weeks; i++) drawn[i] = random.below(weeks);
    let [openFixed, openChanging] = [open, open];
    let [doneFixed, doneChanging] = [false, false];
    for (let week = 1; week <= horizonWeeks && !(doneFixed && doneChanging); week++) {
      const past = drawn[random.below(weeks)] ?? 0;
      const step = progress[past] ?? 0;
      if (!doneFixed) {
        openFixed -= step;
        doneFixed = openFixed <= nothing;
        if (doneFixed) fixed[week] = (fixed[week] ?? 0) + 1;
      }
      if (!doneChanging) {
        openChanging += (scope[past] ?? 0) - step;
        doneChanging = openChanging <= nothing;
        if (doneChanging) changing[week] = (changing[week] ?? 0) + 1;
      }
    }
  }
  return { fixed: finishes(fixed, paths), changing: finishes(changing, paths) };
}

/** Less than any share of a point: sums of fractions do not end at 0 exactly. */
const nothing = 1e-9;

function finishes(inWeek: Uint32Array, paths: number): Finishes {
  return { paths, inWeek, never: paths - inWeek.reduce((sum, n) => sum + n, 0) };
}

/** The first week by whose end at least this share of the paths is done; null beyond the horizon. */
export function weekOfShare({ inWeek, paths }: Finishes, share: number): number | null {
  let done = 0;
  for (let week = 1; week < inWeek.length; week++) {
    done += inWeek[week] ?? 0;
    if (done >= share * paths) return week;
  }
  return null;
}
