import { type Html, html } from '../../../../publish/pages/html.ts';
import { nothingNote, valueAxis, valueAxisWidth, valueScale, zeroLine } from '../draw/axes.ts';
import { endLabels } from '../draw/end-labels.ts';
import { keyRows } from '../draw/key-rows.ts';
import { px } from '../draw/numbers.ts';
import { pathOf } from '../draw/pixels.ts';
import { type Layout, type Plot, sizeOf } from '../draw/size.ts';
import { strongWidth, textWidth } from '../draw/text-width.ts';
import type { Drawing } from '../figure.ts';

export interface BarsChart {
  /** One for each bar, in order; `mark` bars are named in bold (a year, today). */
  readonly bars: readonly {
    readonly label: string;
    readonly strong?: boolean;
    readonly values: readonly number[];
  }[];
  /** The parts of a bar, from the zero line outwards. */
  readonly parts: readonly { readonly name: string; readonly fill: string }[];
  /** Lines over the bars, one value a bar; null breaks them. */
  readonly lines?: readonly {
    readonly name: string;
    readonly style: string;
    readonly fill: string;
    readonly values: readonly (number | null)[];
  }[];
  /** How values are written at the axis; shares of 1 as percent. */
  readonly atMost?: number;
  readonly height: { readonly wide: number; readonly narrow: number };
}

/** Stacked bars; parts that are negative hang below the line. */
export function drawBars(chart: BarsChart, layout: Layout): Drawing {
  const wide = layout === 'wide';
  const size = sizeOf(layout, chart.height);
  const sums = chart.bars.map(({ values }) => ({
    up: values.reduce((sum, value) => sum + Math.max(0, value), 0),
    down: values.reduce((sum, value) => sum + Math.min(0, value), 0),
  }));
  const lineValues = (chart.lines ?? []).flatMap((line) => line.values.filter((value) => value !== null));
  const high = chart.atMost ?? Math.max(1, ...sums.map((sum) => sum.up), ...lineValues);
  const low = Math.min(0, ...sums.map((sum) => sum.down), ...lineValues);
  const isEmpty = [...sums.flatMap(({ up, down }) => [up, down]), ...lineValues].every(
    (value) => value === 0,
  );
  const ticks = wide ? 5 : 4;
  // Beside the bars there is room for the names of lines; on a phone they join the key.
  const beside = wide ? (chart.lines ?? []) : [];
  const entries = [...chart.parts, ...(wide ? [] : (chart.lines ?? []))].filter((entry) => entry.name !== '');
  const key = keyRows(entries.length + beside.length < 2 ? [] : [...entries].reverse(), size.width);
  const plot: Plot = {
    left: valueAxisWidth(low, high, ticks),
    right:
      size.width - (beside.length > 0 ? Math.max(...beside.map((line) => textWidth(line.name))) + 14 : 8),
    top: key.height + 14,
    bottom: size.height - 30,
  };
  const y = valueScale(low, high, plot, ticks);
  const step = (plot.right - plot.left) / Math.max(1, chart.bars.length);
  const width = Math.max(1, Math.min(56, step * 0.78));
  const middle = (i: number) => plot.left + step * (i + 0.5);

  const bars = chart.bars.map(({ values }, i): Html => {
    let [up, down] = [0, 0];
    const left = px(middle(i) - width / 2);
    return html`${values.map((value, part) => {
      if (value === 0) return null;
      const from = value > 0 ? up : down;
      if (value > 0) up += value;
      else down += value;
      const [a, b] = [y(from), y(from + value)];
      return html`<rect class="${chart.parts[part]?.fill ?? 'fill-other'}" x="${left}" y="${px(Math.min(a, b))}" width="${px(width)}" height="${px(Math.max(0.5, Math.abs(a - b) - (values.length > 1 ? 0.5 : 0)))}"/>`;
    })}`;
  });
  const lines = (chart.lines ?? []).map((line) => {
    const runs: [number, number][][] = [[]];
    line.values.forEach((value, i) => {
      if (value === null) runs.push([]);
      else runs.at(-1)?.push([middle(i), y(value)]);
    });
    return runs
      .filter((run) => run.length > 0)
      .map((run) => html`<path class="${line.style}" d="${pathOf(run)}"/>`);
  });
  return {
    size,
    body: html`${key.body}${isEmpty ? nothingNote(plot) : valueAxis(y, plot, ticks)}${bars}${lines}${zeroLine(y, plot)}${endLabels(
      beside.map((line) => ({
        label: line.name,
        end: [middle(chart.bars.length - 1), y(line.values.at(-1) ?? 0)],
      })),
      plot,
      size.width,
    )}${barLabels(chart, plot, middle)}`,
  };
}

/** Steps that both months and quarters of a year divide into, so that years keep their names. */
const labelSteps = [1, 2, 3, 4, 6, 12, 24, 48];

/** Names below the bars: each, or each second, third … counted from a strong one, so that they stand at even distances. */
function barLabels(chart: BarsChart, plot: Plot, middle: (i: number) => number): Html {
  const named = chart.bars.flatMap((bar, i) => {
    if (bar.label === '') return [];
    const half = (bar.strong === true ? strongWidth(bar.label) : textWidth(bar.label)) / 2 + 5;
    const at = Math.min(plot.right + 8 - half + 4, Math.max(half - 4, middle(i)));
    return [{ bar, half, at }];
  });
  const strong = named.findLastIndex(({ bar }) => bar.strong === true);
  const anchor = strong < 0 ? named.length - 1 : strong;
  const every = (step: number) => named.filter((_, i) => (i - anchor) % step === 0);
  const isApart = (list: typeof named) =>
    list.every(({ at, half }, i) => {
      const next = list[i + 1];
      return next === undefined || at + half <= next.at - next.half;
    });
  const step = labelSteps.find((candidate) => isApart(every(candidate))) ?? named.length;
  return html`${every(step).map(
    ({ bar, at }) =>
      html`<text class="mid ${bar.strong === true ? 'strong' : 'soft'}" x="${px(at)}" y="${px(plot.bottom + 20)}">${bar.label}</text>`,
  )}`;
}
