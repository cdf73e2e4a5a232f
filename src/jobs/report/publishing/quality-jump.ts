import { percent, quantity } from '../charts/draw/numbers.ts';
import type { ReportJson } from '../pages/data/report-json.ts';

type Judged = Pick<ReportJson, 'asOf' | 'rulesDigest' | 'quality' | 'count'>;

/** So few tasks are never a jump, however small the scope. */
const fewTasks = 5;

/**
 * What is so much worse than in the last report that somebody should look before readers do: each a part of a sentence.
 * Doubt is counted in tasks and measured by the scope's: what grew by more than the share `limit` of them is a jump.
 * @param limit 0 to 1
 */
export function qualityJumps(now: Judged, before: Judged, limit: number): readonly string[] {
  const [tasks, tasksBefore] = [tasksOf(now), tasksOf(before)];
  const isJump = (more: number) => more > Math.max(fewTasks, limit * Math.max(tasks, tasksBefore));
  const since = (what: string, count: number, was: number) =>
    isJump(count - was)
      ? [`${what}: ${quantity(count)}, in the report of ${before.asOf} ${quantity(was)}`]
      : [];
  const { quality: q } = now;
  const { quality: p } = before;
  const lost = tasksBefore - tasks;
  return [
    // Of edited rules it is to be expected.
    ...(now.rulesDigest === before.rulesDigest && isJump(lost)
      ? [
          `tasks: ${quantity(tasks)}, in the report of ${before.asOf} ${quantity(tasksBefore)} (${percent(lost / tasksBefore)} less, by the same rules)`,
        ]
      : []),
    ...since('tasks gone from the tracker since its last load', q.gone, 0),
    ...since('estimated closures', q.estimatedClosures, p.estimatedClosures),
    ...since('tasks in columns that are not known', q.inUnknownColumns, p.inUnknownColumns),
    ...since('tasks with a status that is not known', q.unknownStatuses, p.unknownStatuses),
    ...since('tasks of the tracker that cannot be read', q.setAsideCount, p.setAsideCount),
  ];
}

/** Hidden categories too. */
function tasksOf({ count }: Judged): number {
  return count.categories.reduce((sum, { total }) => sum + total, 0);
}
