import type { ScopeModel } from '../../model/scope-model.ts';
import { drawBars } from '../bars/draw-bars.ts';
import { tickLabel } from '../bars/week-labels.ts';
import { amount, quantity } from '../draw/numbers.ts';
import type { Figure } from '../figure.ts';
import { periodOf, periodsOf } from './done-bars.ts';

const window = 12;

/** Tasks finished each week, whatever their size, and what half of the weeks reach. */
export function throughput(model: ScopeModel): Figure {
  const weeks = periodsOf(model, 'week');
  const counts = new Map(weeks.map((week) => [week, 0]));
  for (const row of model.resolutions) {
    const week = periodOf(row.day, 'week', model.asOf);
    const before = counts.get(week);
    if (before !== undefined) counts.set(week, before + row.count);
  }
  const values = weeks.map((week) => counts.get(week) ?? 0);
  const medians = values.map((_, i) => (i < window - 1 ? null : median(values.slice(i - window + 1, i + 1))));
  const chart = {
    bars: weeks.map((week, i) => ({ ...tickLabel(week, weeks[i - 1]), values: [values[i] ?? 0] })),
    parts: [{ name: 'Finished in the week', fill: 'faint' }],
    lines: [{ name: 'Median of 12 weeks', style: 'line s-accent', fill: 'accent', values: medians }],
    height: { wide: 260, narrow: 270 },
  };
  const now = medians.at(-1) ?? null;
  return {
    name: 'throughput',
    title: 'Throughput: tasks finished a week',
    sentence: `${amount(values.at(-1) ?? 0, 'count')} finished in the last week${now === null ? '' : `; ${quantity(now)} is the median of the last 12 weeks`}.`,
    drawings: { wide: drawBars(chart, 'wide'), narrow: drawBars(chart, 'narrow') },
    table: {
      columns: [
        { key: 'week', title: 'Week to', kind: 'day' },
        { key: 'finished', title: 'Finished', kind: 'number' },
        { key: 'median_12_weeks', title: 'Median of 12 weeks', kind: 'number' },
      ],
      rows: weeks.map((week, i) => [week, values[i] ?? 0, medians[i] ?? null]),
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
