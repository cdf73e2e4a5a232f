import { type Html, html } from '../../../../publish/pages/html.ts';
import { addDays, daysBetween, type IsoDay } from '../../model/days.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import {
  timeAxis,
  timeScale,
  todayMark,
  valueAxis,
  valueAxisWidth,
  valueScale,
  zeroLine,
} from '../draw/axes.ts';
import { dateOfDay, shortDate } from '../draw/dates.ts';
import { percent, px, quantity } from '../draw/numbers.ts';
import { type Layout, lineHeight, type Plot, sizeOf } from '../draw/size.ts';
import { spreadLabels } from '../draw/spread-labels.ts';
import { textWidth } from '../draw/text-width.ts';
import type { Drawing, Figure } from '../figure.ts';
import { percentile } from './percentile.ts';

export type Span = 'lead' | 'cycle';

interface Dot {
  readonly closed: IsoDay;
  readonly days: number;
  readonly id: number;
}

const shares = [0.5, 0.85, 0.95] as const;

/** How long each task took that was closed within a year: from its creation (lead) or from when work began (cycle). */
export function cycleScatter(model: ScopeModel, span: Span): Figure {
  const dots: Dot[] = [];
  for (const { id, created, started, closed, estimated } of model.closedTasks) {
    const from = span === 'lead' ? created : started;
    if (!estimated && from !== null && from <= closed)
      dots.push({ id, closed, days: daysBetween(from, closed) });
  }
  const sorted = dots.map((dot) => dot.days).sort((a, b) => a - b);
  const lines = shares.map((share) => ({ share, days: percentile(sorted, share) }));
  const what = span === 'lead' ? 'from creation to closure' : 'from the start of work to closure';
  const estimated = model.closedTasks.filter((task) => task.estimated).length;
  return {
    name: `${span}-time`,
    title: `${span === 'lead' ? 'Lead' : 'Cycle'} time: days ${what}`,
    sentence:
      dots.length === 0
        ? 'No task was closed in the last year whose times are known.'
        : `Half of the ${quantity(dots.length)} tasks closed within a year took at most ${days(lines[0]?.days)}, 85 % at most ${days(lines[1]?.days)}, 95 % at most ${days(lines[2]?.days)}.${estimated === 0 ? '' : ` ${quantity(estimated)} whose closure is estimated are left out.`}`,
    drawings: {
      wide: draw(dots, lines, model.asOf, 'wide'),
      narrow: draw(dots, lines, model.asOf, 'narrow'),
    },
    table: {
      columns: [
        { key: 'task', title: 'Task', kind: 'text' },
        { key: 'closed', title: 'Closed', kind: 'day' },
        { key: 'days', title: 'Days', kind: 'number' },
      ],
      rows: dots.map((dot) => [`T${dot.id}`, dot.closed, dot.days]),
    },
  };
}

function draw(
  dots: readonly Dot[],
  lines: readonly { readonly share: number; readonly days: number }[],
  asOf: IsoDay,
  layout: Layout,
): Drawing {
  const wide = layout === 'wide';
  const size = sizeOf(layout, { wide: 360, narrow: 320 });
  // A few that took for ever would press all others to the ground: those above are drawn at the top.
  const most = Math.max(7, (lines[2]?.days ?? 0) * 1.35);
  const plot: Plot = {
    left: valueAxisWidth(0, most, 5),
    right: size.width - Math.max(26, ...lines.map((line) => textWidth(lineLabel(line)) + 12)),
    top: 18,
    bottom: size.height - 30,
  };
  const from = addDays(asOf, -365);
  const x = timeScale(from, asOf, plot);
  const y = valueScale(0, most, plot, 5);
  const today = todayMark(x(dateOfDay(asOf)), plot, size, shortDate(asOf));
  // Dots of one place are one: a scope may have closed ten thousand tasks.
  const places = new Set<string>();
  const marks: Html[] = [];
  for (const dot of dots) {
    const step = wide ? 2 : 1.5;
    const at = [x(dateOfDay(dot.closed)), Math.max(plot.top, y(dot.days))].map((v) =>
      px(Math.round(v / step) * step),
    );
    const place = at.join(',');
    if (places.has(place)) continue;
    places.add(place);
    marks.push(html`M${place}h0`);
  }
  const middles = spreadLabels(
    lines.map((line) => ({ at: y(line.days), height: lineHeight })),
    plot.top - 8,
    plot.bottom + 8,
  );
  const percentiles =
    dots.length > 0 &&
    lines.map(
      ({ share, days: value }, i) =>
        html`<path class="line thin s-accent ${share === 0.5 ? '' : share === 0.85 ? 'dash' : 'dots'}" d="M${px(plot.left)},${px(y(value))}H${px(plot.right)}"/><text x="${px(plot.right + 8)}" y="${px((middles[i] ?? 0) + 4.5)}">${lineLabel({ share, days: value })}</text>`,
    );
  const body = html`${valueAxis(y, plot, 5)}<path class="points" d="${marks}"/>${percentiles}${zeroLine(y, plot)}${today.mark}${timeAxis(x, plot, [today.room])}`;
  return { size, body };
}

function lineLabel({ share, days }: { readonly share: number; readonly days: number }): string {
  return `${percent(share)}: ${quantity(days)} d`;
}

function days(value: number | undefined): string {
  return value === 1 ? '1 day' : `${quantity(value ?? 0)} days`;
}
