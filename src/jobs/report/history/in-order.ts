import type { TrackerTransaction } from '../phabricator/form/tracker-task.ts';

/** Steps as they happened: of several in one second the one with the highest number is the last. */
export function inOrder<T extends TrackerTransaction>(steps: readonly T[]): readonly T[] {
  return steps.toSorted((a, b) => a.at - b.at || a.id - b.id);
}
