/** Waiting times between tries (design: run control, §2). */

export const defaultRunTries = 4;
export const defaultRunBackoffMs = 10 * 60_000;
const stopsWithoutDelay = 5;
const longestMs = 24 * 3_600_000;

/** After the given number of failed tries: 10 min, 40 min, 160 min … */
export function runBackoffMs(failedTries: number, baseMs: number = defaultRunBackoffMs): number {
  return Math.min(baseMs * 4 ** Math.max(0, failedTries - 1), longestMs);
}

/**
 * A run whose worker died is taken up at once, but one that kills every worker it meets (with nothing finished in
 * between) must not starve the rest.
 */
export function stopBackoffMs(stops: number): number {
  return stops <= stopsWithoutDelay ? 0 : runBackoffMs(stops - stopsWithoutDelay);
}

/** Between the tries of a stage or piece: the base, twice that, four times … */
export function stageBackoffMs(failedTries: number, baseMs: number): number {
  return Math.min(baseMs * 2 ** Math.max(0, failedTries - 1), longestMs);
}
