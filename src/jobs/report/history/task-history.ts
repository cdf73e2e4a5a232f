import type { TrackerTask } from '../phabricator/form/tracker-task.ts';
import { type ColumnInterval, columnHistory } from './column-history.ts';
import { type Membership, type ParentEvent, parentEvents, projectHistory } from './edge-history.ts';
import { inOrder } from './in-order.ts';
import { type StateInterval, stateHistory } from './state-history.ts';

/** All that reports need to know of a task's past: independent of scopes, made once in the load. */
export interface TaskHistory {
  readonly states: readonly StateInterval[];
  readonly projects: readonly Membership[];
  readonly columns: readonly ColumnInterval[];
  readonly parents: readonly ParentEvent[];
}

export function taskHistory(task: TrackerTask): TaskHistory {
  const ordered = inOrder(task.transactions);
  return {
    states: stateHistory(task, ordered),
    projects: projectHistory(task, ordered),
    columns: columnHistory(task, ordered),
    parents: parentEvents(task, ordered),
  };
}
