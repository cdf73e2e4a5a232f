import type { FlowSeries, Flows } from '../model/series.ts';
import { type ScopeTask, type Segment, segmentOn } from './scope-task.ts';

export interface Flow {
  readonly kind: keyof Flows;
  readonly points: number;
}

/** What happened to a task between two days, as {@link Flows} defines it. `counts`: of which categories. */
export function flowsBetween(
  before: Segment | null,
  after: Segment | null,
  counts: (segment: Segment) => boolean,
): readonly Flow[] {
  const was = before !== null && before.category !== null && counts(before);
  const is = after !== null && after.category !== null && counts(after);
  if (!was && !is) return [];
  const wasOpen = before?.state !== 'resolved';
  const pointsBefore = before?.points ?? 0;
  const pointsAfter = after?.points ?? 0;
  const isResolved = is && after.state === 'resolved';
  const flows: Flow[] = [];
  if (is && !was && (wasOpen || !isResolved)) flows.push({ kind: 'added', points: pointsAfter });
  if (isResolved && wasOpen) flows.push({ kind: 'resolved', points: pointsAfter });
  if (was && !is && wasOpen) flows.push({ kind: 'removed', points: pointsBefore });
  if (was && is && !wasOpen && !isResolved) flows.push({ kind: 'reopened', points: pointsAfter });
  if (was && is && wasOpen && pointsAfter !== pointsBefore) {
    flows.push({ kind: 'reestimated', points: pointsAfter - pointsBefore });
  }
  return flows;
}

/** Sums flows a week at a time; `ends` are the days at which weeks end, the oldest first. */
export class FlowCounter {
  readonly #ends: readonly number[];
  readonly series: FlowSeries;

  constructor(ends: readonly number[]) {
    this.#ends = ends;
    this.series = { count: makeFlows(ends.length), points: makeFlows(ends.length) };
  }

  /** Only weeks in which something about the task changed are looked at. */
  add(task: ScopeTask, counts: (segment: Segment) => boolean): void {
    const first = this.#ends[0] ?? 0;
    let done = 0;
    for (const { from } of task.segments) {
      if (from <= first) continue;
      const week = Math.ceil((from - first) / 7);
      if (week <= done || week >= this.#ends.length) continue;
      done = week;
      const before = segmentOn(task, first + 7 * (week - 1));
      const after = segmentOn(task, first + 7 * week);
      for (const { kind, points } of flowsBetween(before, after, counts)) {
        if (kind !== 'reestimated') add(this.series.count[kind], week, 1);
        add(this.series.points[kind], week, points);
      }
    }
  }
}

function makeFlows(weeks: number): Flows {
  const make = () => new Float64Array(weeks);
  return { resolved: make(), added: make(), removed: make(), reopened: make(), reestimated: make() };
}

export function add(series: Float64Array, index: number, value: number): void {
  series[index] = (series[index] ?? 0) + value;
}
