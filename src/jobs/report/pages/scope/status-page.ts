import { type Html, html } from '../../../../publish/pages/html.ts';
import { longDate } from '../../charts/draw/dates.ts';
import { percent, quantity } from '../../charts/draw/numbers.ts';
import type { StatusReport, StatusTask } from '../../model/status-report.ts';
import { tableHtml } from '../frame/table-html.ts';
import { projectLink, type ScopeFrame, type ScopePage } from './page-parts.ts';
import { taskPages } from './task-pages.ts';

export const originNames = {
  'in-scope': 'In-Scope',
  elaborated: 'Elaborated',
  screep: 'Screep',
  unknown: 'Unknown',
} as const;
export const stateNames = { done: 'Done', open: 'Open', reopened: 'Reopened', cut: 'Cut' } as const;

/** What became of a project in a window: how many tasks of which origin ended how, and which. */
export function* statusPages(
  frame: ScopeFrame,
  report: StatusReport,
  path: string,
  heading: string,
): Generator<ScopePage> {
  const origins = Object.keys(originNames) as (keyof typeof originNames)[];
  const states = Object.keys(stateNames) as (keyof typeof stateNames)[];
  const count = (test: (task: StatusTask) => boolean) => report.tasks.filter(test).length;
  const rows = [...origins, null].map((origin) => {
    const of = (task: StatusTask) => origin === null || task.origin === origin;
    return [
      origin === null ? 'All' : originNames[origin],
      ...states.map((state) => count((task) => of(task) && task.state === state)),
      count(of),
    ];
  });
  const done = count((task) => task.state === 'done');
  const introduction: Html = html`<p class="lead">${done} of ${quantity(report.tasks.length)} tasks ${report.tasks.length > 0 && `(${percent(done / report.tasks.length)})`} of ${projectLink(frame.model.tracker, report.project.id, report.project.name)} were done from ${longDate(report.from)} to ${longDate(report.to)}.</p>
<div class="card">${tableHtml({
    label: 'Tasks by origin and state',
    table: {
      columns: [
        { key: 'origin', title: 'Scope', kind: 'text' },
        ...states.map((state) => ({ key: state, title: stateNames[state], kind: 'number' as const })),
        { key: 'all', title: 'All', kind: 'number' },
      ],
      rows,
    },
  })}</div>
<p class="soft">In-Scope: there from the start. Elaborated: new, below a task that was open then. Screep: new, not foreseen. Reopened: done in the window, and open again. Cut: no longer in the project. Tasks that were done when the window began are left out.</p>`;
  yield* taskPages(frame, {
    path,
    heading,
    tasks: report.tasks,
    introduction,
    csv: path.replace(/\.html$/, ''),
    columns: [
      { column: { key: 'scope', title: 'Scope', kind: 'text' }, value: (task) => originNames[task.origin] },
      { column: { key: 'status', title: 'Status', kind: 'text' }, value: (task) => stateNames[task.state] },
    ],
  });
}
