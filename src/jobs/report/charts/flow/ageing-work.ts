import { html } from '../../../../publish/pages/html.ts';
import { daysBetween, type IsoDay } from '../../model/days.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import { valueAxis, valueAxisWidth, valueScale, zeroLine } from '../draw/axes.ts';
import { px, quantity } from '../draw/numbers.ts';
import { type Layout, type Plot, sizeOf } from '../draw/size.ts';
import { fitText } from '../draw/text-width.ts';
import type { Drawing, Figure } from '../figure.ts';
import { percentile } from './percentile.ts';

interface Ageing {
  readonly id: number;
  readonly title: string;
  readonly column: string;
  readonly days: number;
}

/** What is being worked on and for how long, beside how long finished work took. */
export function ageingWork(model: ScopeModel): Figure {
  const tasks = model.openTasks
    .flatMap(({ id, title, column, started }): Ageing[] =>
      started === null
        ? []
        : [{ id, title, column: column || 'No column', days: daysBetween(started, model.asOf) }],
    )
    .sort((a, b) => b.days - a.days || a.id - b.id);
  const cycle = model.closedTasks
    .flatMap(({ started, closed, estimated }) =>
      started === null || estimated ? [] : [daysBetween(started as IsoDay, closed)],
    )
    .sort((a, b) => a - b);
  const usual = cycle.length === 0 ? null : percentile(cycle, 0.85);
  const older = usual === null ? 0 : tasks.filter((task) => task.days > usual).length;
  return {
    name: 'ageing-work',
    title: 'Work in progress, by age',
    sentence:
      tasks.length === 0
        ? 'Nothing is being worked on.'
        : `${quantity(tasks.length)} tasks are being worked on, the oldest for ${quantity(tasks[0]?.days ?? 0)} days${usual === null ? '' : `; ${quantity(older)} for longer than 85 % of finished tasks took (${quantity(usual)} days)`}.`,
    drawings: { wide: draw(tasks, usual, 'wide'), narrow: draw(tasks, usual, 'narrow') },
    table: {
      columns: [
        { key: 'task', title: 'Task', kind: 'text' },
        { key: 'title', title: 'Title', kind: 'text' },
        { key: 'column', title: 'Column', kind: 'text' },
        { key: 'days', title: 'Days', kind: 'number' },
      ],
      rows: tasks.map((task) => [`T${task.id}`, task.title, task.column, task.days]),
    },
  };
}

/** Columns that hold most; the others are drawn together. */
const mostColumns = { wide: 8, narrow: 4 } as const;

function draw(tasks: readonly Ageing[], usual: number | null, layout: Layout): Drawing {
  const size = sizeOf(layout, { wide: 320, narrow: 300 });
  const counts = new Map<string, number>();
  for (const task of tasks) counts.set(task.column, (counts.get(task.column) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  const own = ranked.slice(
    0,
    ranked.length > mostColumns[layout] ? mostColumns[layout] - 1 : mostColumns[layout],
  );
  const columns = ranked.length > own.length ? [...own, 'Other'] : own;
  const days = tasks.map((task) => task.days);
  // As in the scatter of cycle times: the very old stand at the top.
  const most = Math.max(7, usual ?? 0, percentile(days.toReversed(), 0.95) * 1.2);
  const plot: Plot = {
    left: valueAxisWidth(0, most, 5),
    right: size.width - 8,
    top: 26,
    bottom: size.height - 48,
  };
  const y = valueScale(0, most, plot, 5);
  const step = (plot.right - plot.left) / Math.max(1, columns.length);
  const drawn = columns.map((name, i) => {
    const inColumn = tasks.filter((task) => (own.includes(task.column) ? task.column : 'Other') === name);
    const middle = plot.left + step * (i + 0.5);
    // Dots of one age stand side by side, as far as there is room.
    const perRow = Math.max(1, Math.floor((step - 16) / 9));
    const rows = new Map<number, number>();
    const marks = inColumn.map((task) => {
      const row = Math.round(Math.max(plot.top, y(task.days)) / 8) * 8;
      const n = rows.get(row) ?? 0;
      rows.set(row, n + 1);
      if (n >= perRow) return '';
      const offset = (n % 2 === 0 ? 1 : -1) * Math.ceil(n / 2) * 9;
      return `M${px(middle + offset)},${px(Math.min(row, plot.bottom - 4))}h0`;
    });
    return html`<path class="points" d="${marks.join('')}"/><text class="mid" x="${px(middle)}" y="${px(plot.bottom + 20)}">${fitText(name, step - 6)}</text><text class="mid soft" x="${px(middle)}" y="${px(plot.bottom + 37)}">${quantity(inColumn.length)}</text>`;
  });
  const line =
    usual !== null &&
    html`<path class="line thin s-accent dash" d="M${px(plot.left)},${px(y(usual))}H${px(plot.right)}"/><text class="halo end" x="${px(plot.right)}" y="${px(y(usual) - 6)}">85 % of finished work: ${quantity(usual)} days</text>`;
  return {
    size,
    body: html`${valueAxis(y, plot, 5)}${drawn}${line}${zeroLine(y, plot)}<text class="soft" x="0" y="14">Days</text>`,
  };
}
