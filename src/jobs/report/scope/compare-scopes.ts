import { dayNumber, type IsoDay } from '../model/days.ts';
import { type ScopeTask, segmentOn } from './scope-task.ts';

/** What other rules do to a scope: tasks that come into it, leave it, or change their category on a day. */
export function compareScopes(
  before: readonly ScopeTask[],
  after: readonly ScopeTask[],
  day: IsoDay,
): { readonly gained: number; readonly lost: number; readonly moved: number } {
  const categories = (tasks: readonly ScopeTask[]) =>
    new Map(
      tasks.flatMap((task) => {
        const category = segmentOn(task, dayNumber(day))?.category ?? null;
        return category === null ? [] : [[task.id, category] as const];
      }),
    );
  const [old, now] = [categories(before), categories(after)];
  let [gained, moved] = [0, 0];
  for (const [id, category] of now) {
    const was = old.get(id);
    if (was === undefined) gained += 1;
    else if (was !== category) moved += 1;
  }
  const lost = [...old.keys()].filter((id) => !now.has(id)).length;
  return { gained, lost, moved };
}
