import { type Html, html } from '../../../../publish/pages/html.ts';
import type { IsoDay, Period } from '../../model/days.ts';
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
import { dateOfDay, mediumDate, shortDate } from '../draw/dates.ts';
import { keyRows } from '../draw/key-rows.ts';
import { quantity } from '../draw/numbers.ts';
import { dayAt, drawnDays, shapeOn } from '../draw/pixels.ts';
import { sideLabels, sideLabelWidth } from '../draw/side-labels.ts';
import { type Layout, type Plot, sizeOf } from '../draw/size.ts';
import type { Drawing } from '../figure.ts';
import type { Layer } from './layers.ts';

/**
 * What is open stands above the zero line, what is done below it; the first category lies nearest to the line.
 * @param doneSince what was done before is left out
 */
export function drawBurnUp(
  period: Period,
  from: IsoDay,
  layers: readonly Layer[],
  layout: Layout,
  doneSince: IsoDay | null = null,
): Drawing {
  const wide = layout === 'wide';
  const size = sizeOf(layout, { wide: 460, narrow: 420 });
  const totals = (field: 'open' | 'resolved') =>
    Math.max(
      0,
      ...daysShown(period, from).map((day) =>
        layers.reduce((sum, layer) => sum + (layer[field][day] ?? 0), 0),
      ),
    );
  const [high, low] = [totals('open'), -totals('resolved')];
  const isEmpty = high === 0 && low === 0;
  const ticks = wide ? 7 : 5;
  const key = wide ? { body: html``, height: 0 } : keyRows([...layers].reverse().map(keyEntry), size.width);
  const plot: Plot = {
    left: valueAxisWidth(low, high, ticks),
    right: size.width - (wide ? sideLabelWidth : 12),
    top: key.height + 14,
    bottom: size.height - 30,
  };
  const x = timeScale(from, period.asOf, plot);
  const y = valueScale(low, high, plot, ticks);
  const days = drawnDays(period, from, plot.right - plot.left);
  const today = todayMark(x(dateOfDay(period.asOf)), plot, size, shortDate(period.asOf));

  // From the outermost band inwards: each is drawn from the zero line to its own edge, and the next covers its inner part.
  const bands = layers.map((_, place) => place).reverse();
  const bandsOf = (field: 'open' | 'resolved', sign: 1 | -1): readonly Html[] =>
    bands.map((place) => {
      const edge = days.map((day): readonly [number, number] => {
        const sum = layers.slice(0, place + 1).reduce((total, layer) => total + (layer[field][day] ?? 0), 0);
        return [x(dateOfDay(dayAt(period, day))), y(sign * sum)];
      });
      const fill = layers[place]?.swatch[field === 'open' ? 'fill' : 'tint'];
      return html`<path class="${fill} edge" d="${shapeOn(y(0), edge)}"/>`;
    });

  const body = html`${key.body}${isEmpty ? nothingNote(plot) : valueAxis(y, plot, ticks)}${bandsOf('open', 1)}${bandsOf('resolved', -1)}${zeroLine(y, plot)}${!isEmpty && sides(plot, y(0), doneSince)}${today.mark}${timeAxis(x, plot, [today.room])}${
    wide && !isEmpty && sideLabels(labelsOf(layers, y), plot, plot.top - 8, plot.bottom + 4)
  }`;
  return { size, body };
}

function daysShown(period: Period, from: IsoDay): readonly number[] {
  return drawnDays(period, from, 1e9);
}

function keyEntry(layer: Layer) {
  return { name: layer.name, fill: layer.swatch.fill };
}

/** Which side is which, right at the zero line. */
function sides(plot: Plot, zero: number, doneSince: IsoDay | null): Html {
  const above = zero - plot.top > 24;
  const below = plot.bottom - zero > 24;
  return html`${above && html`<text class="halo strong" x="${plot.left + 6}" y="${Math.round(zero - 7)}">Open</text>`}${
    below &&
    html`<text class="halo strong" x="${plot.left + 6}" y="${Math.round(zero + 18)}">Done${doneSince !== null && ` since ${mediumDate(doneSince)}`}</text>`
  }`;
}

function labelsOf(layers: readonly Layer[], y: (value: number) => number) {
  let [open, resolved] = [0, 0];
  return layers.map((layer) => {
    const [nowOpen, nowResolved] = [layer.open.at(-1) ?? 0, layer.resolved.at(-1) ?? 0];
    const at = nowOpen > 0 ? y(open + nowOpen / 2) : y(-(resolved + nowResolved / 2));
    open += nowOpen;
    resolved += nowResolved;
    const value = layer.value ?? `${quantity(nowOpen)} open, ${quantity(nowResolved)} done`;
    return { at, name: layer.name, value, fill: layer.swatch.fill };
  });
}
