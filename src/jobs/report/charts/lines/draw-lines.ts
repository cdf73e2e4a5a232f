import { type Html, html } from '../../../../publish/pages/html.ts';
import type { IsoDay } from '../../model/days.ts';
import {
  nothingNote,
  timeAxis,
  timeScale,
  todayMark,
  valueAxis,
  valueAxisWidth,
  valueScale,
  zeroLine,
} from '../draw/axes.ts';
import { dateOfDay, shortDate } from '../draw/dates.ts';
import { endLabels } from '../draw/end-labels.ts';
import { px, quantity } from '../draw/numbers.ts';
import { pathOf, shapeOn } from '../draw/pixels.ts';
import { type Layout, type Plot, sizeOf } from '../draw/size.ts';
import { textWidth } from '../draw/text-width.ts';
import type { Drawing } from '../figure.ts';

export interface Line {
  /** What stands at its end. */
  readonly label: string;
  /** Classes: `line`, and its stroke or dash. */
  readonly style: string;
  /** Days in order; null breaks the line. */
  readonly points: readonly (readonly [day: IsoDay, value: number | null])[];
  /** A class of fill for the area below. */
  readonly area?: string;
}

export interface LinesChart {
  readonly from: IsoDay;
  readonly to: IsoDay;
  readonly asOf: IsoDay;
  readonly lines: readonly Line[];
  /** The least that the value axis reaches. */
  readonly atLeast?: number;
  /** Values above are not drawn: their line breaks. */
  readonly atMost?: number;
  /** Points of a line that are named: below and right of them, where a rising line leaves room. */
  readonly marks?: readonly {
    readonly day: IsoDay;
    readonly value: number;
    readonly label: string;
    readonly brief: string;
  }[];
  readonly height: { readonly wide: number; readonly narrow: number };
  /** A stretch of time behind the data, named at its top. */
  readonly box?: { readonly from: IsoDay; readonly to: IsoDay; readonly label: string };
}

/** Lines over time, each named at its end. */
export function drawLines(chart: LinesChart, layout: Layout): Drawing {
  const wide = layout === 'wide';
  const size = sizeOf(layout, chart.height);
  const limit = chart.atMost ?? Number.POSITIVE_INFINITY;
  const shown = chart.lines
    .map((line) => ({ ...line, runs: runsOf(line, limit) }))
    .filter((line) => line.runs.length > 0);
  const values = shown.flatMap((line) => line.runs.flatMap((run) => run.map(([, value]) => value)));
  const high = Math.max(chart.atLeast ?? 0, ...values);
  const low = Math.min(0, ...values);
  const isEmpty = values.every((value) => value === 0);
  const ticks = wide ? 5 : 4;
  const labelRoom = wide ? 190 : 104;
  const widest =
    Math.max(0, ...shown.map((line) => textWidth(chart.atMost === undefined ? line.label : nameNow(line)))) +
    12;
  const plot: Plot = {
    left: valueAxisWidth(low, high, ticks),
    right: size.width - Math.max(26, Math.min(labelRoom, widest)),
    top: chart.box === undefined ? 14 : 26,
    bottom: size.height - 30,
  };
  const x = timeScale(chart.from, chart.to, plot);
  const y = valueScale(low, high, plot, ticks);
  const today = todayMark(x(dateOfDay(chart.asOf)), plot, size, shortDate(chart.asOf));
  const at = ([day, value]: readonly [IsoDay, number]): readonly [number, number] => [
    x(dateOfDay(day)),
    y(value),
  ];
  const drawn = shown.map(
    (line) =>
      html`${line.runs.map((run) => {
        const points = run.map(at);
        const only = points.length === 1 ? points[0] : undefined;
        return html`${line.area !== undefined && html`<path class="${line.area}" d="${shapeOn(y(0), points)}"/>`}${
          only === undefined
            ? html`<path class="${line.style}" d="${pathOf(points)}"/>`
            : html`<path class="${line.style}" d="M${px(only[0] - 2)},${px(only[1])}h4"/>`
        }`;
      })}`,
  );
  const body = html`${chart.box !== undefined && boxBehind(chart.box, x, plot)}${isEmpty ? nothingNote(plot) : valueAxis(y, plot, ticks)}${drawn}${zeroLine(y, plot)}${marksOn(chart, at, plot, wide)}${today.mark}${timeAxis(x, plot, [today.room])}${endLabels(
    shown.flatMap(({ label, runs, points }) => {
      if (label === '') return [];
      const end = at(runs.at(-1)?.at(-1) ?? [chart.to, 0]);
      // A line that is not drawn up to today is named at the top right, where it went, and says what it is now.
      const gone = runs.at(-1)?.at(-1)?.[0] !== points.at(-1)?.[0];
      return [
        gone ? { label: nameNow({ label, points }), end: [plot.right, plot.top] as const } : { label, end },
      ];
    }),
    plot,
    size.width,
  )}`;
  return { size, body };
}

function nameNow({ label, points }: Pick<Line, 'label' | 'points'>): string {
  const value = points.at(-1)?.[1] ?? null;
  return value === null ? `${label}: none now` : `${label}: ${quantity(value)} now`;
}

type Run = readonly (readonly [day: IsoDay, value: number])[];

function runsOf(line: Line, limit: number): readonly Run[] {
  const runs: (readonly [IsoDay, number])[][] = [[]];
  for (const [day, value] of line.points) {
    if (value === null || value > limit) runs.push([]);
    else runs.at(-1)?.push([day, value]);
  }
  return runs.filter((run) => run.length > 0);
}

function boxBehind(box: NonNullable<LinesChart['box']>, x: (date: Date) => number, plot: Plot): Html {
  const left = Math.max(plot.left, x(dateOfDay(box.from)));
  const right = Math.min(plot.right, x(dateOfDay(box.to)));
  if (right - left < 4) return html``;
  const fits = textWidth(box.label) + 8 <= right - left;
  return html`<rect class="band" x="${px(left)}" y="${px(plot.top - 18)}" width="${px(right - left)}" height="${px(plot.bottom - plot.top + 18)}"/>${
    fits &&
    html`<text class="soft mid" x="${px((left + right) / 2)}" y="${px(plot.top - 5)}">${box.label}</text>`
  }`;
}

function marksOn(
  { marks = [] }: LinesChart,
  at: (point: readonly [IsoDay, number]) => readonly [number, number],
  plot: Plot,
  wide: boolean,
): Html {
  return html`${marks.map(({ day, value, label, brief }) => {
    const [x, y] = at([day, value]);
    const text = wide ? label : brief;
    // At the edge there is no room: the dot stands alone, and the table names it.
    const isRoom = x + 9 + textWidth(text) <= plot.right + 4;
    return html`<circle class="accent" cx="${px(x)}" cy="${px(y)}" r="4"/>${isRoom && html`<text class="halo" x="${px(x + 9)}" y="${px(y + 12)}">${text}</text>`}`;
  })}`;
}
