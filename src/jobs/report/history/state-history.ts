import { edgeTypes, type TrackerTask, type TrackerTransaction } from '../phabricator/form/tracker-task.ts';
import { forever, type Interval } from './interval.ts';
import { statusKind } from './statuses.ts';

export interface StateInterval extends Interval {
  readonly status: string;
  /** The status ends the task, and when it began is not known but guessed. */
  readonly estimated: boolean;
  readonly priority: number;
  readonly points: number | null;
}

/**
 * Status, priority and points of a task over time. It is open from its creation, whether or not a step says so: since
 * 2017 the tracker writes none for tasks that begin in the default status. Steps that are older than the task (of an import)
 * count from its creation.
 */
export function stateHistory(
  task: TrackerTask,
  ordered: readonly TrackerTransaction[],
): readonly StateInterval[] {
  const first = firstValues(task, ordered);
  const intervals: StateInterval[] = [];
  let now = { ...first, estimated: false };
  let since = task.createdAt;
  const change = (at: number, next: typeof now) => {
    if (isSame(now, next)) return;
    if (at > since) {
      intervals.push({ from: since, to: at, ...now });
      since = at;
    }
    now = next;
    // What was undone within the second never was.
    const last = intervals.at(-1);
    if (last?.to === since && isSame(last, now)) {
      intervals.pop();
      since = last.from;
    }
  };
  for (const step of ordered) {
    const at = Math.max(step.at, task.createdAt);
    if (step.kind === 'status') change(at, { ...now, status: step.to ?? 'open' });
    else if (step.kind === 'priority') change(at, { ...now, priority: step.to ?? now.priority });
    else if (step.kind === 'points') change(at, { ...now, points: step.to });
  }
  // Merging a task into another closes it without a step; open in the steps and closed in fact is taken for that.
  if (task.status !== now.status && statusKind(task.status) !== 'open') {
    change(Math.max(lastSignOfLife(task, ordered), since), { ...now, status: task.status, estimated: true });
  }
  intervals.push({ from: since, to: forever, ...now });
  return intervals;
}

type Values = Omit<StateInterval, 'from' | 'to' | 'estimated'>;

/** What the first step of each kind says was before; where there is no step, what is now has always been. */
function firstValues(task: TrackerTask, ordered: readonly TrackerTransaction[]): Values {
  const status = ordered.find((step) => step.kind === 'status');
  const priority = ordered.find((step) => step.kind === 'priority');
  const points = ordered.find((step) => step.kind === 'points');
  const openToday = statusKind(task.status) === 'open' ? task.status : 'open';
  return {
    status: status === undefined ? openToday : (status.from ?? 'open'),
    priority: priority === undefined ? task.priority : (priority.from ?? priority.to ?? task.priority),
    points: points === undefined ? task.points : points.from,
  };
}

/**
 * The newest step that somebody made on the task itself, or its creation. Mentions elsewhere and subscriptions also
 * come to tasks that were closed long ago.
 */
function lastSignOfLife(task: TrackerTask, ordered: readonly TrackerTransaction[]): number {
  const last = ordered.findLast(
    (step) =>
      step.kind !== 'edges' || (step.type !== edgeTypes.mentionedBy && step.type !== edgeTypes.subscriber),
  );
  return Math.max(last?.at ?? 0, task.createdAt);
}

function isSame(a: Values & { estimated: boolean }, b: Values & { estimated: boolean }): boolean {
  return (
    a.status === b.status && a.priority === b.priority && a.points === b.points && a.estimated === b.estimated
  );
}
