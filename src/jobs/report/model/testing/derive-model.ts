import { dayCount, dayNumber, isoDay, type Period, weekEnds } from '../days.ts';
import type { PointsCell, Resolution, ScopeModel } from '../scope-model.ts';
import type { CategorySeries, DailySeries, Display, FlowSeries, Flows } from '../series.ts';
import type { ClosedTask, OpenTask, TaskChange } from '../tasks.ts';
import { inScope, stateOn, type TaskLife, type TaskState } from './task-life.ts';

export interface ExampleCategory {
  readonly name: string;
  readonly display: Display;
}

type Derived = Pick<
  ScopeModel,
  'categories' | 'flows' | 'columns' | 'resolutions' | 'openTasks' | 'closedTasks' | 'changes' | 'points'
>;

/** The model of tasks whose lives are known, day by day and task by task: slow, and plain to see that it is right. */
export function deriveModel(
  period: Period,
  cutoff: number | null,
  categories: readonly ExampleCategory[],
  tasks: readonly TaskLife[],
): Derived {
  const days = dayCount(period);
  const visible = new Set(categories.filter((c) => c.display === 'show').map((c) => c.name));
  const series = (name: string, since: number | null) => dailySeries(tasks, days, name, since);
  return {
    categories: categories.map(
      (category): CategorySeries => ({
        ...category,
        daily: series(category.name, null),
        sinceCutoff: cutoff === null ? null : series(category.name, cutoff),
        flows: flowSeries(period, tasks, (name) => name === category.name),
      }),
    ),
    flows: {
      visible: flowSeries(period, tasks, (name) => visible.has(name)),
      all: flowSeries(period, tasks, () => true),
    },
    columns: columnSeries(tasks, days),
    ...listTasks(period, tasks),
  };
}

function dailySeries(
  tasks: readonly TaskLife[],
  days: number,
  name: string,
  since: number | null,
): DailySeries {
  const make = () => new Float64Array(days);
  const series = { openCount: make(), openPoints: make(), resolvedCount: make(), resolvedPoints: make() };
  for (const task of tasks) {
    for (let day = 0; day < days; day++) {
      const state = stateOn(task, day);
      if (!inScope(state) || state.category !== name) continue;
      if (state.state === 'resolved' && since !== null && closedOn(task, day) < since) continue;
      const open = state.state === 'open';
      add(open ? series.openCount : series.resolvedCount, day, 1);
      add(open ? series.openPoints : series.resolvedPoints, day, state.points ?? 0);
    }
  }
  return series;
}

function flowSeries(
  period: Period,
  tasks: readonly TaskLife[],
  counts: (category: string) => boolean,
): FlowSeries {
  const first = dayNumber(period.start);
  const ends = weekEnds(period).map((day) => dayNumber(day) - first);
  const [count, points] = [makeFlows(ends.length), makeFlows(ends.length)];
  for (const task of tasks) {
    for (let week = 1; week < ends.length; week++) {
      const before = stateOn(task, ends[week - 1] ?? 0);
      const after = stateOn(task, ends[week] ?? 0);
      for (const { kind, points: delta } of flowsOf(before, after, counts)) {
        if (kind !== 'reestimated') add(count[kind], week, 1);
        add(points[kind], week, delta);
      }
    }
  }
  return { count, points };
}

/** What happened to one task between two days, as the doc comments of {@link Flows} define it. */
export function flowsOf(
  before: TaskState | null,
  after: TaskState | null,
  counts: (category: string) => boolean,
): readonly { readonly kind: keyof Flows; readonly points: number }[] {
  const was = inScope(before) && counts(before.category);
  const is = inScope(after) && counts(after.category);
  const wasOpen = before?.state !== 'resolved';
  const [pointsBefore, pointsAfter] = [before?.points ?? 0, after?.points ?? 0];
  const flows: { kind: keyof Flows; points: number }[] = [];
  const isResolved = is && after.state === 'resolved';
  if (is && !was && (!isResolved || wasOpen)) flows.push({ kind: 'added', points: pointsAfter });
  if (isResolved && wasOpen) flows.push({ kind: 'resolved', points: pointsAfter });
  if (was && !is && wasOpen) flows.push({ kind: 'removed', points: pointsBefore });
  if (was && is && !wasOpen && !isResolved) flows.push({ kind: 'reopened', points: pointsAfter });
  if (was && is && wasOpen && pointsAfter !== pointsBefore)
    flows.push({ kind: 'reestimated', points: pointsAfter - pointsBefore });
  return flows;
}

function columnSeries(tasks: readonly TaskLife[], days: number): ScopeModel['columns'] {
  const columns = new Map<string, Float64Array>();
  for (const task of tasks) {
    for (let day = 0; day < days; day++) {
      const state = stateOn(task, day);
      if (!inScope(state) || state.state === 'resolved') continue;
      const open = columns.get(state.column) ?? new Float64Array(days);
      columns.set(state.column, open);
      add(open, day, 1);
    }
  }
  return [...columns].map(([name, open]) => ({ name, open }));
}

function listTasks(
  period: Period,
  tasks: readonly TaskLife[],
): Pick<Derived, 'resolutions' | 'openTasks' | 'closedTasks' | 'changes' | 'points'> {
  const first = dayNumber(period.start);
  const last = dayCount(period) - 1;
  const iso = (day: number) => isoDay(first + day);
  const resolutions = new Map<string, Resolution>();
  const cells = new Map<string, PointsCell>();
  const openTasks: OpenTask[] = [];
  const closedTasks: ClosedTask[] = [];
  const changes: TaskChange[] = [];
  for (const task of tasks) {
    for (let day = 1; day <= last; day++) {
      const [before, after] = [stateOn(task, day - 1), stateOn(task, day)];
      if (!inScope(after) || after.state !== 'resolved' || before?.state === 'resolved') continue;
      const key = `${day}|${task.priority}|${task.work}`;
      const row = resolutions.get(key);
      resolutions.set(key, {
        day: iso(day),
        priority: task.priority,
        work: task.work,
        count: (row?.count ?? 0) + 1,
        points: (row?.points ?? 0) + (after.points ?? 0),
      });
    }
    const [now, lastWeek] = [stateOn(task, last), stateOn(task, last - 7)];
    const { id, title, priority } = task;
    for (const { kind, points } of flowsOf(lastWeek, now, () => true)) {
      const sign = kind === 'resolved' || kind === 'removed' ? -1 : 1;
      const category = now?.category ?? lastWeek?.category ?? '';
      changes.push({
        id,
        title,
        priority,
        category,
        points: now?.points ?? null,
        kind,
        pointsDelta: sign * points,
      });
    }
    if (!inScope(now)) continue;
    const key = `${priority}|${now.points}|${now.state}`;
    const { points, state, category, column } = now;
    cells.set(key, { priority, points, state, count: (cells.get(key)?.count ?? 0) + 1 });
    const start = task.states.find((s) => s.column !== '')?.from;
    const started = start === undefined ? null : iso(start);
    const created = iso(task.states[0]?.from ?? 0);
    const common = { id, title, priority, category, points, created, started };
    if (state === 'open') openTasks.push({ ...common, status: 'open', column });
    else if (closedOn(task, last) > last - 365)
      closedTasks.push({ ...common, closed: iso(closedOn(task, last)), estimated: false });
  }
  closedTasks.sort((a, b) => (a.closed < b.closed ? 1 : a.closed > b.closed ? -1 : b.id - a.id));
  const ofTime = [...resolutions.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  return { resolutions: ofTime, openTasks, closedTasks, changes, points: [...cells.values()] };
}

/** The day of the closure that holds on a day. */
function closedOn(task: TaskLife, day: number): number {
  let closed = Number.POSITIVE_INFINITY;
  let wasResolved = false;
  for (const state of task.states) {
    if (state.from > day) break;
    if (state.state === 'resolved' && !wasResolved) closed = state.from;
    wasResolved = state.state === 'resolved';
  }
  return closed;
}

function makeFlows(weeks: number): Flows {
  const make = () => new Float64Array(weeks);
  return { resolved: make(), added: make(), removed: make(), reopened: make(), reestimated: make() };
}

function add(series: Float64Array, index: number, value: number): void {
  series[index] = (series[index] ?? 0) + value;
}
