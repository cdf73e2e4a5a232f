import type { EdgeStep, TrackerTask, TrackerTransaction } from '../phabricator/form/tracker-task.ts';
import { edgeTypes } from '../phabricator/form/tracker-task.ts';
import { forever, type Interval } from './interval.ts';

export interface Membership extends Interval {
  /** PHID of the project. */
  readonly project: string;
}

/**
 * The projects of a task over time, from its edge steps in both of their forms. A project that it has today and that no
 * step names (of an import) counts from the day that its edge has.
 */
export function projectHistory(
  task: TrackerTask,
  ordered: readonly TrackerTransaction[],
): readonly Membership[] {
  const steps = ordered.filter(
    (step) => step.kind === 'edges' && step.type === edgeTypes.project,
  ) as readonly EdgeStep[];
  const named = new Set<string>();
  const current = new Map<string, number>();
  const found: Membership[] = [];
  let set: ReadonlySet<string> = new Set();
  for (const [i, step] of steps.entries()) {
    set = after(set, step, named);
    const next = steps[i + 1];
    const at = Math.max(step.at, task.createdAt);
    // Only what holds at the end of a second counts.
    if (next !== undefined && Math.max(next.at, task.createdAt) === at) continue;
    for (const [project, from] of current) {
      if (set.has(project)) continue;
      current.delete(project);
      found.push({ project, from, to: at });
    }
    for (const project of set) if (!current.has(project)) current.set(project, at);
  }
  for (const [project, from] of current) found.push({ project, from, to: forever });
  for (const { type, phid, since } of task.edges) {
    if (type !== edgeTypes.project || named.has(phid)) continue;
    named.add(phid);
    found.push({ project: phid, from: Math.max(since, task.createdAt), to: forever });
  }
  return found;
}

function after(set: ReadonlySet<string>, { change }: EdgeStep, named: Set<string>): ReadonlySet<string> {
  if (change.kind === 'all') {
    for (const phid of [...change.before, ...change.after]) named.add(phid);
    return new Set(change.after);
  }
  const next = new Set(set);
  for (const phid of change.removed) {
    named.add(phid);
    next.delete(phid);
  }
  for (const phid of change.added) {
    named.add(phid);
    next.add(phid);
  }
  return next;
}

/** One end of a parent edge came or went. Both tasks tell of it; the load brings the two together. */
export interface ParentEvent {
  /** The other task is this one's parent, or its child. */
  readonly role: 'parent' | 'child';
  readonly other: string;
  readonly at: number;
  readonly step: number;
  readonly added: boolean;
}

/** Steps of {@link ParentEvent} for edges of which no step tells: they come before any step of their second. */
const noStep = 0;

export function parentEvents(
  task: TrackerTask,
  ordered: readonly TrackerTransaction[],
): readonly ParentEvent[] {
  const events: ParentEvent[] = [];
  const named = { parent: new Set<string>(), child: new Set<string>() };
  const sets = {
    parent: new Set<string>() as ReadonlySet<string>,
    child: new Set<string>() as ReadonlySet<string>,
  };
  for (const step of ordered) {
    if (step.kind !== 'edges') continue;
    const role = roleOf(step.type);
    if (role === null) continue;
    const before = sets[role];
    const next = after(before, step, named[role]);
    sets[role] = next;
    for (const other of before)
      if (!next.has(other)) events.push({ role, other, at: step.at, step: step.id, added: false });
    for (const other of next)
      if (!before.has(other)) events.push({ role, other, at: step.at, step: step.id, added: true });
  }
  for (const { type, phid, since } of task.edges) {
    const role = roleOf(type);
    if (role === null || named[role].has(phid)) continue;
    named[role].add(phid);
    events.push({ role, other: phid, at: since, step: noStep, added: true });
  }
  return events;
}

function roleOf(type: number): ParentEvent['role'] | null {
  if (type === edgeTypes.parentTask) return 'parent';
  return type === edgeTypes.childTask ? 'child' : null;
}
