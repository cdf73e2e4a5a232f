import type { ColumnSeries } from '../model/scope-model.ts';
import type { CategorySeries, FlowSeries } from '../model/series.ts';
import { closingDays } from './closings.ts';
import { accumulate, DailyCounter } from './daily-counter.ts';
import { add, FlowCounter } from './flows.ts';
import { unknownColumn } from './match-rules.ts';
import type { ResolvedRules } from './resolve-rules.ts';
import type { ScopeTask, Segment } from './scope-task.ts';

export interface SeriesPeriod {
  readonly start: number;
  readonly asOf: number;
  /** What was resolved before this day is left out of `sinceCutoff`. */
  readonly cutoff: number | null;
}

export interface ScopeSeries {
  readonly categories: readonly CategorySeries[];
  readonly flows: { readonly visible: FlowSeries; readonly all: FlowSeries };
  readonly columns: readonly ColumnSeries[];
}

/** Daily and weekly series of a scope, in one pass over its tasks. */
export function scopeSeries(
  tasks: readonly ScopeTask[],
  rules: ResolvedRules,
  { start, asOf, cutoff }: SeriesPeriod,
): ScopeSeries {
  const days = asOf - start + 1;
  const weeks = Math.floor((days - 1) / 7) + 1;
  const ends = Array.from({ length: weeks }, (_, i) => asOf - 7 * (weeks - 1 - i));
  const names = categoryNames(tasks, rules);
  const categories = new Map(
    names.map(([name]) => [
      name,
      {
        daily: new DailyCounter(start, days),
        since: new DailyCounter(start, days),
        flows: new FlowCounter(ends),
      },
    ]),
  );
  const display = new Map(names);
  const [visible, all] = [new FlowCounter(ends), new FlowCounter(ends)];
  const columns = new Map<string, Float64Array>();
  for (const task of tasks) {
    const closed = closingDays(task);
    const mine = new Set<string>();
    for (const [i, segment] of task.segments.entries()) {
      const { category } = segment;
      if (category === null) continue;
      mine.add(category);
      const counters = categories.get(category);
      counters?.daily.add(segment);
      const closedAt = closed[i] ?? null;
      if (closedAt === null || cutoff === null || closedAt >= cutoff) counters?.since.add(segment);
      if (segment.state === 'open') addColumn(columns, segment, start, days);
    }
    for (const name of mine) categories.get(name)?.flows.add(task, (segment) => segment.category === name);
    visible.add(task, ({ category }) => display.get(category ?? '') !== 'hide');
    all.add(task, () => true);
  }
  return {
    categories: names.map(([name, display]) => {
      const made = categories.get(name);
      const daily = made?.daily.finish() ?? new DailyCounter(start, days).finish();
      const flows = made?.flows.series ?? new FlowCounter(ends).series;
      return {
        name,
        display,
        daily,
        sinceCutoff: cutoff === null ? null : (made?.since.finish() ?? daily),
        flows,
      };
    }),
    flows: { visible: visible.series, all: all.series },
    columns: [...columns]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, open]) => {
        accumulate(open);
        return { name, open };
      }),
  };
}

/** In the order of the rules; one that several rules make is hidden only if all of them hide it. */
function categoryNames(
  tasks: readonly ScopeTask[],
  { rules }: ResolvedRules,
): readonly (readonly [string, 'show' | 'hide'])[] {
  const display = new Map<string, 'show' | 'hide'>();
  for (const { rule, title } of rules) {
    if (rule.display === 'omit') continue;
    if (display.get(title) !== 'show') display.set(title, rule.display);
  }
  const isUnknownUsed = tasks.some(({ segments }) =>
    segments.some(({ category }) => category === unknownColumn),
  );
  if (isUnknownUsed && !display.has(unknownColumn)) display.set(unknownColumn, 'show');
  return [...display];
}

function addColumn(columns: Map<string, Float64Array>, segment: Segment, start: number, days: number): void {
  const from = Math.max(segment.from - start, 0);
  const to = segment.to - start;
  if (to <= from) return;
  const series = columns.get(segment.column) ?? new Float64Array(days);
  columns.set(segment.column, series);
  add(series, from, 1);
  if (to < days) add(series, to, -1);
}
