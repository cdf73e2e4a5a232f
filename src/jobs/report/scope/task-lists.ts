import { isoDay } from '../model/days.ts';
import type { PointsCell, Resolution } from '../model/scope-model.ts';
import type { ClosedTask, OpenTask, TaskChange, TaskRef } from '../model/tasks.ts';
import { closingDays, startDay } from './closings.ts';
import { flowsBetween } from './flows.ts';
import { priorityName } from './priorities.ts';
import { type ScopeTask, type Segment, segmentOn } from './scope-task.ts';

const closedForDays = 365;

/** The lists of single tasks, and the tables that are counted from them. */
export class TaskLists {
  readonly openTasks: OpenTask[] = [];
  readonly changes: TaskChange[] = [];
  readonly #closed: { readonly task: ClosedTask; readonly day: number }[] = [];
  readonly #resolutions = new Map<string, Resolution & { readonly number: number }>();
  readonly #cells = new Map<string, PointsCell>();
  readonly #start: number;
  readonly #asOf: number;

  constructor(period: { readonly start: number; readonly asOf: number }) {
    this.#start = period.start;
    this.#asOf = period.asOf;
  }

  add(task: ScopeTask): void {
    const now = segmentOn(task, this.#asOf);
    this.#addResolutions(task, now);
    this.#addChanges(task, now);
    if (now === null || now.category === null) return;
    const ref = refOf(task, now);
    const key = JSON.stringify([ref.priority, ref.points, now.state]);
    const { priority, points } = ref;
    this.#cells.set(key, {
      priority,
      points,
      state: now.state,
      count: (this.#cells.get(key)?.count ?? 0) + 1,
    });
    const started = startDay(task);
    const dates = { created: isoDay(task.created), started: started === null ? null : isoDay(started) };
    if (now.state === 'open') {
      this.openTasks.push({ ...ref, ...dates, status: now.status, column: now.column });
      return;
    }
    const day = closingDays(task).at(-1) ?? now.from;
    if (day <= this.#asOf - closedForDays) return;
    const estimated = task.segments.find(({ from, to }) => from <= day && day < to)?.estimated ?? false;
    this.#closed.push({ day, task: { ...ref, ...dates, closed: isoDay(day), estimated } });
  }

  get closedTasks(): readonly ClosedTask[] {
    return this.#closed.toSorted((a, b) => b.day - a.day || b.task.id - a.task.id).map(({ task }) => task);
  }

  get resolutions(): readonly Resolution[] {
    return [...this.#resolutions.values()]
      .sort((a, b) => a.number - b.number)
      .map(({ day, priority, work, count, points }) => ({ day, priority, work, count, points }));
  }

  get points(): readonly PointsCell[] {
    return [...this.#cells.values()];
  }

  #addResolutions(task: ScopeTask, now: Segment | null): void {
    for (const [i, segment] of task.segments.entries()) {
      if (segment.from <= this.#start || segment.state !== 'resolved' || segment.category === null) continue;
      const before = task.segments[i - 1];
      if (before?.state === 'resolved') continue;
      const priority = priorityName((now ?? segment).priority);
      const { work } = segment;
      const key = `${segment.from} ${priority} ${work}`;
      const row = this.#resolutions.get(key);
      this.#resolutions.set(key, {
        number: segment.from,
        day: isoDay(segment.from),
        priority,
        work,
        count: (row?.count ?? 0) + 1,
        points: (row?.points ?? 0) + (segment.points ?? 0),
      });
    }
  }

  #addChanges(task: ScopeTask, now: Segment | null): void {
    const before = segmentOn(task, this.#asOf - 7);
    if (before === now) return;
    for (const { kind, points } of flowsBetween(before, now, () => true)) {
      const shown = now?.category ? now : before;
      if (shown === null) continue;
      const pointsDelta = kind === 'resolved' || kind === 'removed' ? -points : points;
      this.changes.push({ ...refOf(task, shown), points: now?.points ?? null, kind, pointsDelta });
    }
  }
}

export function refOf(task: ScopeTask, at: Segment): TaskRef {
  return {
    id: task.id,
    title: task.title,
    category: at.category ?? '',
    points: at.points,
    priority: priorityName(at.priority),
  };
}
