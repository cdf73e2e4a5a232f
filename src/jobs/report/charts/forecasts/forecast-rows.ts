import { type Html, html } from '../../../../publish/pages/html.ts';
import type { CategoryForecast } from '../../forecast/forecast-scope.ts';
import { dateOf, type ThreePointWeek } from '../../forecast/three-point/three-point.ts';
import { addDays, type IsoDay, quarterName, quarterStart } from '../../model/days.ts';
import type { Unit } from '../../model/series.ts';
import { timeAxis, timeScale, todayMark } from '../draw/axes.ts';
import { dateOfDay, mediumDate, monthDate, shortDate } from '../draw/dates.ts';
import { percent, px, quantity } from '../draw/numbers.ts';
import { type Layout, type Plot, sizeOf } from '../draw/size.ts';
import { fitText, strongWidth, textWidth } from '../draw/text-width.ts';
import type { Drawing } from '../figure.ts';

/** How many past weeks' nominal dates are shown faintly. */
const pastWeeks = 12;
/** Dates later than this are written at the right end instead. */
const farthestDays = 2 * 365;

/** One row a category: how far it is, and when it will be done. */
export function drawForecastRows(
  categories: readonly CategoryForecast[],
  unit: Unit,
  asOf: IsoDay,
  layout: Layout,
): Drawing {
  const wide = layout === 'wide';
  const rowHeight = wide ? 44 : 62;
  const height = 34 + rowHeight * Math.max(1, categories.length) + 34;
  const size = sizeOf(layout, { wide: height, narrow: height });
  const latest = addDays(asOf, farthestDays);
  const dates = categories.flatMap((c) => datesOf(c)).filter((day) => day <= latest);
  const to = [addDays(asOf, 182), ...dates.map((day) => addDays(day, 14))].reduce((a, b) => (a > b ? a : b));
  const texts = categories.map((category) => rowText(category, to));
  const plot: Plot = {
    left: wide ? 300 : 10,
    right: size.width - (wide ? Math.max(120, ...texts.map((text) => strongWidth(text) + 24)) : 14),
    top: 26,
    bottom: height - 34,
  };
  const x = timeScale(addDays(asOf, -28), to, plot);
  const at = (day: IsoDay) =>
    x(dateOfDay(day < addDays(asOf, -28) ? addDays(asOf, -28) : day > to ? to : day));
  const today = todayMark(at(asOf), plot, size, shortDate(asOf));
  const quarterEnd = quarterStart(addDays(quarterStart(asOf), 95));
  const rows = categories.map((category, i) => {
    const top = plot.top + i * rowHeight;
    const y = top + (wide ? rowHeight / 2 : rowHeight - 18);
    return html`<path class="grid" d="M${wide ? 0 : plot.left},${px(top + rowHeight)}H${size.width}"/>${rowName(category, unit, top, wide, size.width, texts[i] ?? '')}${rowMarks(category, asOf, to, at, y, plot)}`;
  });
  const quarter = quarterName(asOf);
  const quarterRoom = Math.min(at(quarterEnd), plot.right) - at(asOf);
  const body = html`<rect class="band" x="${px(at(quarterStart(asOf)))}" y="${plot.top - 18}" width="${px(Math.min(at(quarterEnd), plot.right) - at(quarterStart(asOf)))}" height="${plot.bottom - plot.top + 18}"/>${
    quarterRoom > textWidth(quarter) + 8 &&
    html`<text class="soft" x="${px(at(asOf) + 6)}" y="${plot.top - 5}">${quarter}</text>`
  }${today.mark}${rows}${timeAxis(x, plot, [today.room])}`;
  return { size, body };
}

function datesOf(category: CategoryForecast): readonly IsoDay[] {
  const now = category.weeks.at(-1);
  if (now === undefined) return [];
  const paces = [now.pessimistic, now.nominal, now.optimistic];
  return paces.map((pace) => dateOf(now.week, pace)).filter((day) => day !== null);
}

function rowName(
  category: CategoryForecast,
  unit: Unit,
  top: number,
  wide: boolean,
  width: number,
  text: string,
): Html {
  const now = category.weeks.at(-1);
  const done = now === undefined || now.total === 0 ? null : now.resolved / now.total;
  const value =
    now === undefined || done === null
      ? `no ${unit}`
      : `${quantity(now.resolved)} of ${quantity(now.total)}, ${percent(done)}`;
  const name = wide
    ? fitText(category.name, 280)
    : fitText(
        category.name,
        width - 32 - strongWidth(text) - textWidth(done === null ? '' : `, ${percent(done)}`),
      );
  if (!wide) {
    return html`<text class="halo" x="10" y="${px(top + 20)}">${name}</text><text class="end halo" x="${width - 10}" y="${px(top + 20)}"><tspan class="strong">${text}</tspan>${done !== null && html`<tspan class="soft">, ${percent(done)}</tspan>`}</text>`;
  }
  const bar = 96;
  return html`<text x="0" y="${px(top + 19)}">${name}</text><rect class="tint-other" x="0" y="${px(top + 27)}" width="${bar}" height="7" rx="3.5"/><rect class="accent" x="0" y="${px(top + 27)}" width="${px(bar * (done ?? 0))}" height="7" rx="3.5"/><text class="soft" x="${bar + 10}" y="${px(top + 35)}">${value}</text><text class="strong end" x="${width}" y="${px(top + 26.5)}">${text}</text>`;
}

function rowMarks(
  category: CategoryForecast,
  asOf: IsoDay,
  to: IsoDay,
  at: (day: IsoDay) => number,
  y: number,
  plot: Plot,
): Html {
  const now = category.weeks.at(-1);
  if (now === undefined || now.total === 0) return html``;
  if (now.state === 'complete') {
    const since = completeSince(category.weeks);
    return diamond(at(since), y, 6, 'ink');
  }
  const dates = {
    pes: dateOf(now.week, now.pessimistic),
    nom: dateOf(now.week, now.nominal),
    opt: dateOf(now.week, now.optimistic),
  };
  const past = category.weeks.slice(-1 - pastWeeks, -1).flatMap((week) => {
    const date = dateOf(week.week, week.nominal);
    return date === null || date < asOf || date > to ? [] : [diamond(at(date), y, 3.5, 'faint')];
  });
  const from = dates.opt ?? dates.nom;
  const end = dates.pes === null || dates.pes > to ? to : dates.pes;
  const range =
    from === null || from > to
      ? html``
      : html`<path class="line thin s-soft" d="M${px(at(from))},${px(y)}H${px(at(end))}"/>${[from, dates.pes].map((day) => day !== null && day <= to && html`<path class="line thin s-soft" d="M${px(at(day))},${px(y - 5)}v10"/>`)}${
          end === to &&
          dates.pes !== end &&
          html`<path class="line thin s-soft" d="M${px(plot.right - 5)},${px(y - 4)}l5,4l-5,4"/>`
        }`;
  const { nom } = dates;
  return html`${past}${range}${nom !== null && nom <= to && diamond(at(nom), y, 6, 'paper')}`;
}

/** What stands at the end of a row: the nominal date, or why there is none. */
function rowText(category: CategoryForecast, to: IsoDay): string {
  const now = category.weeks.at(-1);
  if (now === undefined) return '';
  // Nothing was ever to be done: that is not being done with it.
  if (now.total === 0) return '–';
  if (now.state === 'complete') return `Done ${mediumDate(completeSince(category.weeks))}`;
  if (now.state === 'unstarted') return 'Not enough data';
  const date = dateOf(now.week, now.nominal);
  if (date === null) return 'Never';
  return date > to ? monthDate(date) : mediumDate(date);
}

function diamond(x: number, y: number, r: number, fill: string): Html {
  return html`<path class="${fill}" d="M${px(x)},${px(y - r)}l${r},${r}l${-r},${r}l${-r},${-r}z"/>`;
}

function completeSince(weeks: readonly ThreePointWeek[]): IsoDay {
  let since = weeks.at(-1)?.week ?? '';
  for (let i = weeks.length - 1; i >= 0 && weeks[i]?.state === 'complete'; i--)
    since = weeks[i]?.week ?? since;
  return since;
}
