import { type Html, html } from '../../../../publish/pages/html.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import { amount, px, quantity } from '../draw/numbers.ts';
import { type Layout, sizeOf } from '../draw/size.ts';
import { fitText } from '../draw/text-width.ts';
import type { Drawing, Figure } from '../figure.ts';
import { comparePriorities } from './priorities.ts';

interface Facet {
  readonly priority: string;
  /** By points; null are tasks without. */
  readonly open: ReadonlyMap<number | null, number>;
  readonly resolved: ReadonlyMap<number | null, number>;
}

/** How big the tasks are: one small histogram for each priority, all on one scale. */
export function pointsHistogram(model: ScopeModel): Figure {
  const priorities = [...new Set(model.points.map((cell) => cell.priority))].sort(comparePriorities);
  const values = [...new Set(model.points.map((cell) => cell.points))].sort((a, b) => (a ?? -1) - (b ?? -1));
  const facets = priorities.map((priority): Facet => {
    const of = (state: 'open' | 'resolved') =>
      new Map(
        model.points
          .filter((c) => c.priority === priority && c.state === state)
          .map((c) => [c.points, c.count]),
      );
    return { priority, open: of('open'), resolved: of('resolved') };
  });
  const sum = (state: 'open' | 'resolved', test: (points: number | null) => boolean) =>
    model.points.filter((c) => c.state === state && test(c.points)).reduce((n, c) => n + c.count, 0);
  const unpointed = sum('open', (points) => points === null);
  return {
    name: 'points-histogram',
    title: 'Sizes of tasks, by priority',
    sentence: `${amount(
      sum('open', () => true),
      'count',
    )} open, ${unpointed === 0 ? 'all with points' : `${quantity(unpointed)} of them without points`}. Open tasks are dark, done ones pale.`,
    drawings: { wide: draw(facets, values, 'wide'), narrow: draw(facets, values, 'narrow') },
    table: {
      columns: [
        { key: 'priority', title: 'Priority', kind: 'text' },
        { key: 'points', title: 'Points', kind: 'number' },
        { key: 'open', title: 'Open', kind: 'number' },
        { key: 'resolved', title: 'Done', kind: 'number' },
      ],
      rows: facets.flatMap(({ priority, open, resolved }) =>
        values
          .filter((points) => open.has(points) || resolved.has(points))
          .map((points) => [priority, points, open.get(points) ?? 0, resolved.get(points) ?? 0]),
      ),
    },
  };
}

/** More sizes than this have no room for their names; the bigger ones are one bar, "21+". */
const mostSizes = 12;
const rowHeight = 166;

function draw(facets: readonly Facet[], values: readonly (number | null)[], layout: Layout): Drawing {
  const across = layout === 'wide' ? 3 : 1;
  const height = Math.ceil(Math.max(1, facets.length) / across) * rowHeight + 4;
  const size = sizeOf(layout, { wide: height, narrow: height });
  const shown = values.slice(0, values.length > mostSizes ? mostSizes - 1 : mostSizes);
  const rest = values.slice(shown.length);
  const count = (map: ReadonlyMap<number | null, number>, i: number) =>
    i < shown.length
      ? (map.get(shown[i] ?? null) ?? 0)
      : rest.reduce((sum: number, v) => sum + (map.get(v) ?? 0), 0);
  const bars = shown.length + (rest.length > 0 ? 1 : 0);
  const names = Array.from({ length: bars }, (_, i) =>
    i >= shown.length ? `${quantity(rest[0] ?? 0)}+` : shown[i] === null ? 'none' : quantity(shown[i] ?? 0),
  );
  const most = Math.max(
    1,
    ...facets.flatMap((f) => names.map((_, i) => count(f.open, i) + count(f.resolved, i))),
  );
  const cell = (size.width - 24 * (across - 1)) / across;
  const step = cell / Math.max(1, bars);
  const body = facets.map((facet, n): Html => {
    const left = (n % across) * (cell + 24);
    const base = Math.floor(n / across) * rowHeight + 132;
    const tall = (tasks: number) => (82 * tasks) / most;
    return html`<text class="strong" x="${px(left)}" y="${base - 116}">${fitText(facet.priority, cell)}</text>${names.map(
      (name, i) => {
        const [open, resolved] = [count(facet.open, i), count(facet.resolved, i)];
        const x = px(left + step * (i + 0.12));
        const width = px(step * 0.76);
        const total = open + resolved;
        return html`${resolved > 0 && html`<rect class="tint-0" x="${x}" y="${px(base - tall(total))}" width="${width}" height="${px(tall(resolved))}"/>`}${open > 0 && html`<rect class="fill-0" x="${x}" y="${px(base - tall(open))}" width="${width}" height="${px(tall(open))}"/>`}${total > 0 && html`<text class="mid soft" x="${px(left + step * (i + 0.5))}" y="${px(base - tall(total) - 4)}">${fitText(String(total), step)}</text>`}<text class="mid soft" x="${px(left + step * (i + 0.5))}" y="${base + 16}">${fitText(name, step + 2)}</text>`;
      },
    )}<path class="zero" d="M${px(left)},${base}h${px(cell)}"/>`;
  });
  return { size, body: html`${body}` };
}
