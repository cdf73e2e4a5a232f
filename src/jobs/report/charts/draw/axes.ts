import { type ScaleLinear, type ScaleTime, scaleLinear, scaleUtc } from 'd3-scale';
import { type Html, html } from '../../../../publish/pages/html.ts';
import type { IsoDay } from '../../model/days.ts';
import { dateOfDay, tickDate } from './dates.ts';
import { px, quantity } from './numbers.ts';
import type { Plot, Size } from './size.ts';
import { strongWidth, textWidth } from './text-width.ts';

export type TimeScale = ScaleTime<number, number>;
export type ValueScale = ScaleLinear<number, number>;

export function timeScale(from: IsoDay, to: IsoDay, plot: Plot): TimeScale {
  return scaleUtc([dateOfDay(from), dateOfDay(to)], [plot.left, plot.right]);
}

/** From the lowest to the highest value with a little air (0 stays an edge); never without any height. */
export function valueScale(low: number, high: number, plot: Plot, ticks: number): ValueScale {
  const top = high > low ? high : low + 1;
  const air = (top - low) * 0.03;
  const domain = [low === 0 ? 0 : low - air, top === 0 ? 0 : top + air];
  return scaleLinear(domain, [plot.bottom, plot.top]).nice(ticks * 4);
}

/** How much room the labels of a value axis take at the left. */
export function valueAxisWidth(low: number, high: number, ticks: number): number {
  const scale = valueScale(low, high, { left: 0, right: 1, top: 0, bottom: 1 }, ticks);
  return Math.ceil(Math.max(...scale.ticks(ticks).map((value) => textWidth(quantity(Math.abs(value)))))) + 10;
}

/** Quiet lines across with their values at the left; below zero they count upwards again. The zero line is drawn over the data. */
export function valueAxis(scale: ValueScale, plot: Plot, ticks: number): Html {
  const lines = scale.ticks(ticks).map((value) => {
    const y = px(scale(value));
    return html`<path class="grid" d="M${px(plot.left)},${y}H${px(plot.right)}"/><text class="soft end" x="${px(plot.left - 8)}" y="${px(y + 4.5)}">${quantity(Math.abs(value))}</text>`;
  });
  return html`${lines}`;
}

/** In the place of an axis that would measure nothing. */
export function nothingNote(plot: Plot): Html {
  return html`<text class="mid soft" x="${px((plot.left + plot.right) / 2)}" y="${px((plot.top + plot.bottom) / 2)}">Nothing to show</text>`;
}

export function zeroLine(scale: ValueScale, plot: Plot): Html {
  return html`<path class="zero" d="M${px(plot.left)},${px(scale(0))}H${px(plot.right)}"/>`;
}

/** Ticks and dates along the bottom, no two of them touching, none where `keepFree` is. */
export function timeAxis(
  scale: TimeScale,
  plot: Plot,
  keepFree: readonly (readonly [number, number])[] = [],
): Html {
  const room = plot.right - plot.left;
  const taken = [...keepFree];
  const lostYears = new Set<number>();
  const ticks = scale.ticks(Math.max(2, Math.floor(room / 80)));
  // Years first: they must not give way to months.
  const ordered = ticks.toSorted(
    (a, b) => Number(isYear(b)) - Number(isYear(a)) || a.getTime() - b.getTime(),
  );
  const marks = ordered.map((date) => {
    const x = px(scale(date));
    // The label of today may stand where the year would: then the next tick says it.
    const text = lostYears.has(date.getUTCFullYear())
      ? `${tickDate(date)} ${date.getUTCFullYear()}`
      : tickDate(date);
    const half = (isYear(date) ? strongWidth(text) : textWidth(text)) / 2 + 4;
    const middle = Math.max(half, x);
    const free = taken.every(([from, to]) => middle + half <= from || middle - half >= to);
    if (free) taken.push([middle - half, middle + half]);
    if (isYear(date) && !free) lostYears.add(date.getUTCFullYear());
    else if (free) lostYears.delete(date.getUTCFullYear());
    return html`<path class="tick" d="M${x},${px(plot.bottom)}v5"/>${
      free &&
      html`<text class="${isYear(date) ? 'mid strong' : 'soft mid'}" x="${px(middle)}" y="${px(plot.bottom + 20)}">${text}</text>`
    }`;
  });
  return html`${marks}`;
}

/** A dashed line at the as-of day with its date, and the room that its label takes on the time axis. */
export function todayMark(
  x: number,
  plot: Plot,
  size: Size,
  label: string,
): { readonly mark: Html; readonly room: readonly [number, number] } {
  const half = strongWidth(label) / 2 + 3;
  const right = Math.min(x + half, size.width);
  return {
    mark: html`<path class="today" d="M${px(x)},${px(plot.top)}V${px(plot.bottom + 5)}"/><text class="today-text mid" x="${px(right - half)}" y="${px(plot.bottom + 20)}">${label}</text>`,
    room: [right - 2 * half, right],
  };
}

function isYear(date: Date): boolean {
  return date.getUTCMonth() === 0 && date.getUTCDate() === 1;
}
