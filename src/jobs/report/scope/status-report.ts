import { statusKind } from '../history/statuses.ts';
import { isoDay } from '../model/days.ts';
import type { StatusReport, StatusTask } from '../model/status-report.ts';
import { holds } from './day-intervals.ts';
import { priorityName } from './priorities.ts';
import { type ScopeTask, segmentOn, type TaskPast } from './scope-task.ts';

export interface StatusWindow {
  readonly from: number;
  readonly to: number;
}

/** Parents of a task with their days; null stands for one that is not public. */
export type ParentsOf = (
  task: number,
) => readonly { readonly parent: number | null; readonly from: number; readonly to: number }[];

/**
 * What became of the tasks of a project between two days. Those that were done when the window began are left out, and so
 * are those that came and went within it.
 */
export function statusReport(
  project: { readonly id: number; readonly phid: string | null; readonly name: string },
  window: StatusWindow,
  tasks: readonly { readonly past: TaskPast; readonly task: ScopeTask }[],
  parentsOf: ParentsOf,
): StatusReport {
  const pasts = new Map(tasks.map(({ past }) => [past.id, past]));
  const { from, to } = window;
  const isIn = (past: TaskPast, day: number) =>
    holds(
      past.memberships.filter((m) => m.project === project.phid),
      day,
    );
  const found: StatusTask[] = [];
  for (const { past, task } of tasks) {
    const [atStart, atEnd] = [kindOn(past, from), kindOn(past, to)];
    const wasIn = isIn(past, from) && atStart !== null && atStart !== 'dropped';
    const isNow = isIn(past, to);
    if (atEnd === null || (!wasIn && !isNow) || (wasIn && atStart === 'resolved')) continue;
    // Declined before anybody counted on it.
    if (!wasIn && atEnd === 'dropped') continue;
    const segment = segmentOn(task, to);
    found.push({
      id: past.id,
      title: past.title,
      category: segment?.category ?? '',
      points: segment?.points ?? null,
      priority: priorityName(segment?.priority ?? 0),
      origin: wasIn
        ? 'in-scope'
        : originOf(past, from, parentsOf, (parent) => {
            const other = pasts.get(parent);
            return other !== undefined && isIn(other, from) && kindOn(other, from) === 'open';
          }),
      state: stateOf(past, window, isNow && atEnd !== 'dropped', atEnd),
    });
  }
  found.sort((a, b) => a.id - b.id);
  return {
    project: { id: project.id, name: project.name },
    from: isoDay(from),
    to: isoDay(to),
    tasks: found,
  };
}

function originOf(
  past: TaskPast,
  from: number,
  parentsOf: ParentsOf,
  wasOpenAtStart: (task: number) => boolean,
): StatusTask['origin'] {
  const parents = parentsOf(past.id).filter((edge) => edge.to > from);
  if (parents.some(({ parent }) => parent !== null && wasOpenAtStart(parent))) return 'elaborated';
  return parents.some(({ parent }) => parent === null) ? 'unknown' : 'screep';
}

function stateOf(
  past: TaskPast,
  window: StatusWindow,
  isStillIn: boolean,
  atEnd: 'open' | 'resolved' | 'dropped',
): StatusTask['state'] {
  if (!isStillIn) return 'cut';
  if (atEnd === 'resolved') return 'done';
  const wasDone = past.states.some(
    (state) => statusKind(state.status) === 'resolved' && state.from <= window.to && state.to > window.from,
  );
  return wasDone ? 'reopened' : 'open';
}

function kindOn(past: TaskPast, day: number) {
  const state = past.states.find(({ from, to }) => from <= day && day < to);
  return state === undefined ? null : statusKind(state.status);
}
