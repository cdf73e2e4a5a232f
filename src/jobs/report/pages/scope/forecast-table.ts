import { type Html, html } from '../../../../publish/pages/html.ts';
import { longDate, mediumDate } from '../../charts/draw/dates.ts';
import { percent, quantity } from '../../charts/draw/numbers.ts';
import type { SeriesForecast } from '../../forecast/forecast-scope.ts';
import type { MonteCarlo } from '../../forecast/monte-carlo/monte-carlo.ts';
import {
  dateOf,
  type Outlook,
  outlooks,
  type ThreePointWeek,
} from '../../forecast/three-point/three-point.ts';
import { tableHtml } from '../frame/table-html.ts';
import type { ReportInput } from './scope-figures.ts';

/** All current forecasts: a row for each category, and one for the whole. */
export function currentForecasts(input: ReportInput): Html {
  const { model, forecast, units } = input;
  return html`${units.map((unit) => {
    const series = [
      ...forecast[unit].categories.map((c, place) => ({
        name: c.name,
        href: `category-${place + 1}.html`,
        of: c as SeriesForecast,
      })),
      { name: 'All that is shown', href: 'index.html', of: forecast[unit].whole },
    ];
    const rows = series.map(({ name, of }) => {
      const now = of.weeks.at(-1);
      const open = now === undefined ? 0 : now.total - now.resolved;
      if (now?.total === 0) return [name, 0, 0, '–', '–', '–', '–', '–'];
      const three = outlooks.map((outlook) => (now === undefined ? '' : outlookText(now, outlook)));
      return [name, now?.resolved ?? 0, open, ...three, ...[0, 2].map((i) => shareText(of.monteCarlo, i))];
    });
    const title = unit === 'points' ? 'By points' : 'By count of tasks';
    return html`<div class="card"><h3>${title}</h3>${tableHtml({
      label: `Current forecasts, ${title}`,
      sortable: { id: `forecasts-${unit}` },
      table: {
        columns: [
          { key: 'category', title: 'Category', kind: 'text' },
          { key: 'done', title: 'Done', kind: 'number' },
          { key: 'open', title: 'Open', kind: 'number' },
          { key: 'pessimistic', title: 'Pessimistic', kind: 'text' },
          { key: 'nominal', title: 'Nominal', kind: 'text' },
          { key: 'optimistic', title: 'Optimistic', kind: 'text' },
          { key: 'likely_50', title: '50 % sure', kind: 'text' },
          { key: 'likely_85', title: '85 % sure', kind: 'text' },
        ],
        rows,
      },
      cell: (row, column) => {
        const at = series[row];
        return column === 0 && at !== undefined
          ? html`<a href="${at.href}"><bdi>${at.name}</bdi></a>`
          : undefined;
      },
      sortBy: (row, column) => {
        const now = series[row]?.of.weeks.at(-1);
        const outlook = outlooks[column - 3];
        if (now === undefined || outlook === undefined) return undefined;
        return now[outlook].weeksLeft ?? '';
      },
    })}</div>`;
  })}
<p class="soft">Pessimistic, nominal and optimistic reckon with the slowest weeks of three months, the last three weeks, and the best weeks of three months; “Never” means that the scope grows as fast as work is done. The dates on the right come from playing the last 12 weeks on, ${quantity(10_000)} times, with the scope changing as it did. As of ${longDate(model.asOf)}.</p>`;
}

export function outlookText(now: ThreePointWeek, outlook: Outlook): string {
  if (now.state === 'complete') return 'done';
  if (now.state === 'unstarted') return 'Not enough velocity data';
  const pace = now[outlook];
  const date = dateOf(now.week, pace);
  if (date === null || pace.weeksLeft === null) return 'Never';
  const weeks = `${quantity(pace.weeksLeft)} ${pace.weeksLeft === 1 ? 'week' : 'weeks'}`;
  return pace.weeksLeft > 520 ? weeks : `${weeks}, ${mediumDate(date)}`;
}

export function shareText(monteCarlo: MonteCarlo, share: number): string {
  if (monteCarlo.kind === 'complete') return 'done';
  if (monteCarlo.kind === 'not-enough-data') return 'Not enough data';
  if (monteCarlo.kind === 'no-progress') return 'No progress';
  const date = monteCarlo.changing.dates[share] ?? null;
  return date === null ? `No date (${percent(monteCarlo.changing.noDate)})` : mediumDate(date);
}
