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
 *
 * @param horizon weeks after which a path is given up, at most {@link horizonWeeks}
 */
export function simulate(
  open: number,
  outcomes: readonly WeekOutcome[],
  paths: number,
  random: Random,
  horizon = horizonWeeks,
): Simulated {
  const weeks = outcomes.length;
  const progress = Float64Array.from(outcomes, (outcome) => outcome.progress);
  const net = Float64Array.from(outcomes, (outcome) => outcome.scope - outcome.progress);
  const drawnProgress = new Float64Array(weeks);
  const drawnNet = new Float64Array(weeks);
  const fixed = new Uint32Array(horizon + 1);
  const changing = new Uint32Array(horizon + 1);
  // This loop is most of what a forecast costs: its random words are made many at a time.
  const words = new Uint32Array(4096);
  const scale = weeks / 2 ** 32;
  let at = words.length;
  for (let path = 0; path < paths; path++) {
    if (at + weeks + horizon > words.length) {
      random.fill(words);
      at = 0;
    }
    for (let i = 0; i < weeks; i++) {
      const past = Math.floor((words[at++] ?? 0) * scale);
      drawnProgress[i] = progress[past] ?? 0;
      drawnNet[i] = net[past] ?? 0;
    }
    let [openFixed, openChanging] = [open, open];
    let [weekFixed, weekChanging] = [0, 0];
    let week = 1;
    for (; week <= horizon && (weekFixed === 0 || weekChanging === 0); week++) {
      const past = Math.floor((words[at++] ?? 0) * scale);
      openFixed -= drawnProgress[past] ?? 0;
      openChanging += drawnNet[past] ?? 0;
      if (weekFixed === 0 && openFixed <= nothing) weekFixed = week;
      if (weekChanging === 0 && openChanging <= nothing) weekChanging = week;
    }
    // Entry 0 counts the paths that do not end.
    fixed[weekFixed] = (fixed[weekFixed] ?? 0) + 1;
    changing[weekChanging] = (changing[weekChanging] ?? 0) + 1;
  }
  return { fixed: finishes(fixed, paths), changing: finishes(changing, paths) };
}

/** Less than any share of a point: sums of fractions do not end at 0 exactly. */
const nothing = 1e-9;

/** @param ends how many paths end in each week; entry 0 counts those that do not */
function finishes(ends: Uint32Array, paths: number): Finishes {
  const inWeek = ends.slice();
  inWeek[0] = 0;
  return { paths, inWeek, never: ends[0] ?? 0 };
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
