import { html } from '../../../../publish/pages/html.ts';
import { amount, quantity, unitName } from '../../charts/draw/numbers.ts';
import type { Figure } from '../../charts/figure.ts';
import { monteCarloSentence } from '../../charts/forecasts/finish-dates.ts';
import { moveSentence } from '../../charts/forecasts/move-bars.ts';
import { doneSentence } from '../../charts/sentences.ts';
import { type DataFile, recentlyClosedTasks, unpointedTasks } from '../data/data-files.ts';
import { figureHtml } from '../frame/figure-html.ts';
import { tableHtml } from '../frame/table-html.ts';
import { currentForecasts } from './forecast-table.ts';
import { overviewBody } from './overview-page.ts';
import type { PageLink, ScopeFrame, ScopePage } from './page-parts.ts';
import { rulesBody } from './rules-page.ts';
import {
  burnUpFigures,
  categoryFigures,
  flowFigures,
  forecastFigures,
  overviewFigures,
  type ReportInput,
  scopeChangeFigures,
  velocityFigures,
  workFigures,
} from './scope-figures.ts';
import { statusPages } from './status-page.ts';
import { taskPages } from './task-pages.ts';

/** The pages in the order of their tabs. */
export function tabs(input: ReportInput): readonly PageLink[] {
  const status: readonly PageLink[] =
    input.model.statusReports === null
      ? []
      : [
          { path: 'status-report.html', title: 'Status' },
          { path: 'status-report-last-quarter.html', title: 'Last quarter' },
        ];
  return [
    { path: 'index.html', title: 'Overview' },
    { path: 'burn-up.html', title: 'Burn-up' },
    { path: 'burn-up-quarter.html', title: 'Quarter' },
    { path: 'forecasts.html', title: 'Forecasts' },
    { path: 'categories.html', title: 'Categories' },
    { path: 'work.html', title: 'Work done' },
    { path: 'flow.html', title: 'Flow' },
    { path: 'open-tasks.html', title: 'Open' },
    { path: 'recently-closed.html', title: 'Closed' },
    { path: 'unpointed.html', title: 'Unpointed' },
    ...status,
    { path: 'rules.html', title: 'Rules' },
    { path: 'data.html', title: 'Data' },
  ];
}

export interface MadePage extends ScopePage {
  /** The figures it shows, whose files belong to the report. */
  readonly figures: readonly Figure[];
}

/** Every page of a report but that of its data, one at a time. */
export function* scopePages(frame: ScopeFrame, input: ReportInput): Generator<MadePage> {
  const { model } = input;
  const overview = overviewFigures(input);
  yield { path: 'index.html', heading: model.title, body: overviewBody(input, overview), figures: overview };
  yield* figurePage('burn-up.html', 'Burn-up', [
    { title: null, figures: burnUpFigures(input, 'all') },
    { title: 'How the scope changed', figures: scopeChangeFigures(input) },
  ]);
  yield* figurePage('burn-up-quarter.html', 'Burn-up of this quarter and the last', [
    { title: null, figures: burnUpFigures(input, 'last-quarter') },
  ]);
  const forecasts = forecastFigures(input);
  yield {
    path: 'forecasts.html',
    heading: 'Forecasts',
    tables: true,
    figures: forecasts,
    body: html`${input.units.map((unit) => {
      const { whole, whyMoved } = input.forecast[unit];
      return html`<p><strong>By ${unitName(unit)}:</strong> ${doneSentence(whole, unit)} ${monteCarloSentence(whole.monteCarlo)} ${moveSentence(whyMoved, unit)}</p>`;
    })}
<h2>Current forecasts</h2>
${currentForecasts(input)}
<h2>Charts</h2>
${forecasts.map((figure) => figureHtml(figure))}`,
  };
  yield {
    path: 'categories.html',
    heading: 'Categories',
    tables: true,
    body: categoryList(input),
    figures: [],
  };
  for (const [place, category] of model.categories.entries()) {
    yield* figurePage(`category-${place + 1}.html`, category.name, [
      {
        title: category.display === 'hide' ? 'Hidden from the main charts' : null,
        figures: categoryFigures(input, place),
      },
    ]);
  }
  yield* figurePage('work.html', 'Work done', [
    { title: null, figures: [...velocityFigures(input), ...workFigures(input)] },
  ]);
  yield* figurePage('flow.html', 'Flow', [{ title: null, figures: flowFigures(input) }]);
  for (const page of listPages(frame, input)) yield { ...page, figures: [] };
}

function* listPages(frame: ScopeFrame, { model }: ReportInput): Generator<ScopePage> {
  const order = new Map(model.categories.map((category, place) => [category.name, place]));
  const place = (task: { readonly category: string; readonly id: number }) =>
    order.get(task.category) ?? order.size;
  const byCategory = model.openTasks.toSorted((a, b) => place(a) - place(b) || a.id - b.id);
  const text = (key: string, title: string) => ({ key, title, kind: 'text' as const });
  const day = (key: string, title: string) => ({ key, title, kind: 'day' as const });
  yield* taskPages(frame, {
    path: 'open-tasks.html',
    heading: 'Open tasks by category',
    tasks: byCategory,
    csv: 'open-tasks',
    introduction: html`<p class="lead">${amount(model.openTasks.length, 'count')} open.</p>`,
    columns: [
      { column: text('status', 'Status'), value: (task) => task.status },
      { column: text('column', 'Column'), value: (task) => task.column },
      { column: day('created', 'Created'), value: (task) => task.created },
    ],
  });
  const closed = recentlyClosedTasks(model);
  yield* taskPages(frame, {
    path: 'recently-closed.html',
    heading: 'Recently closed',
    tasks: closed,
    csv: 'recently-closed',
    introduction: html`<p class="lead">${amount(closed.length, 'count')} closed in the last 14 days.</p>`,
    columns: [
      { column: day('closed', 'Closed'), value: (task) => task.closed },
      { column: text('estimated', 'Estimated'), value: (task) => (task.estimated ? 'estimated' : '') },
    ],
  });
  const unpointed = unpointedTasks(model);
  yield* taskPages(frame, {
    path: 'unpointed.html',
    heading: 'Tasks without points',
    tasks: unpointed,
    csv: 'unpointed',
    introduction: html`<p class="lead">${quantity(unpointed.length)} of ${amount(model.openTasks.length, 'count')} that are open have no points${model.settings.defaultPoints !== null && ' (the scope gives them a default)'}.</p>`,
    columns: [{ column: day('created', 'Created'), value: (task) => task.created }],
  });
  if (model.statusReports !== null) {
    const { window, lastQuarter } = model.statusReports;
    yield* statusPages(frame, window, 'status-report.html', 'Status report');
    yield* statusPages(
      frame,
      lastQuarter,
      'status-report-last-quarter.html',
      'Status report of the last quarter',
    );
  }
  yield { path: 'rules.html', heading: 'Rules', tables: true, body: rulesBody(model) };
}

/** What can be downloaded. */
export function dataPage(
  figures: readonly Pick<Figure, 'name' | 'title'>[],
  files: readonly DataFile[],
): ScopePage {
  return {
    path: 'data.html',
    heading: 'Data',
    body: html`<p class="lead">All that this report shows, to work on with other tools. The files are UTF-8 with a line of column names; a text that a spreadsheet would take for a formula has an apostrophe before it.</p>
<div class="card"><ul>${files.map(({ path, title }) => html`<li><a href="${path}">${path}</a> <span class="soft">${title}</span></li>`)}
<li><a href="data/category-possibilities.txt">data/category-possibilities.txt</a> <span class="soft">What rules could match</span></li>
<li><a href="report.json">report.json</a> <span class="soft">The whole report in numbers, for programs</span></li></ul></div>
<h2>Charts</h2>
<div class="card"><ul>${figures.map(({ name, title }) => html`<li><a href="data/${name}.csv">${name}.csv</a> <a href="charts/${name}.svg">.svg</a> <span class="soft">${title}</span></li>`)}</ul></div>`,
  };
}

function* figurePage(
  path: string,
  heading: string,
  sections: readonly { readonly title: string | null; readonly figures: readonly Figure[] }[],
): Generator<MadePage> {
  const body = sections.map(
    ({ title, figures }) =>
      html`${title !== null && html`<h2>${title}</h2>`}${figures.map((figure) => figureHtml(figure, title === null ? 2 : 3))}`,
  );
  yield { path, heading, body: html`${body}`, figures: sections.flatMap((section) => section.figures) };
}

function categoryList({ model, forecast, units }: ReportInput) {
  const [unit = 'count'] = units;
  const rows = forecast[unit].categories.map(({ name, display, weeks }) => {
    const now = weeks.at(-1);
    return [
      name,
      now?.total ?? 0,
      now?.resolved ?? 0,
      (now?.total ?? 0) - (now?.resolved ?? 0),
      display === 'hide' ? 'hidden' : 'shown',
    ];
  });
  return html`<p class="lead">${quantity(model.categories.length)} categories, each with its own burn-up, velocity and forecasts.</p>
<div class="card">${tableHtml({
    label: 'Categories',
    sortable: { id: 'categories' },
    table: {
      columns: [
        { key: 'category', title: 'Category', kind: 'text' },
        { key: 'total', title: unit === 'points' ? 'Points' : 'Tasks', kind: 'number' },
        { key: 'done', title: 'Done', kind: 'number' },
        { key: 'open', title: 'Open', kind: 'number' },
        { key: 'display', title: 'In the main charts', kind: 'text' },
      ],
      rows,
    },
    cell: (row, column) =>
      column === 0 ? html`<a href="category-${row + 1}.html"><bdi>${rows[row]?.[0]}</bdi></a>` : undefined,
  })}</div>`;
}
