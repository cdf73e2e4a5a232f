import { html } from '../../../../publish/pages/html.ts';
import { longDate } from '../../charts/draw/dates.ts';
import type { IsoDay } from '../../model/days.ts';
import { reportFrame } from '../frame/report-frame.ts';
import { presentable } from '../presentable.ts';
import type { ReportFile } from '../report-file.ts';
import { failureNotice, mainOf, type ScopeEntry } from './index-page.ts';

export interface ScopeHome {
  readonly entry: ScopeEntry;
  /** Of all dates that are kept, the newest first; `differences` where a later look at the day found other numbers. */
  readonly dates: readonly { readonly day: IsoDay; readonly differences: boolean }[];
  readonly allScopes: string | null;
}

/** The index.html of a scope's folder: its newest report, what failed since, and the dates that are kept. */
export function renderScopeHome(given: ScopeHome): ReportFile {
  const { entry, dates, allScopes } = presentable(given);
  const { report } = entry;
  const newest =
    report === null
      ? html`<p class="lead">There is no report yet.</p>`
      : html`<p class="lead">${report[mainOf(report).unit].sentence} ${report[mainOf(report).unit].moved}</p>
<p><a href="${report.asOf}/index.html">The report of ${longDate(report.asOf)}</a></p>`;
  return {
    path: 'index.html',
    content: reportFrame(
      { title: entry.title },
      html`<header>
<nav class="crumbs" aria-label="Where this is">${allScopes !== null && html`<a href="${allScopes}">All scopes</a> / `}<bdi>${entry.title}</bdi></nav>
<h1><bdi>${entry.title}</bdi></h1>
</header>
<main>
${failureNotice(entry)}
${newest}
<h2>Reports as they were published</h2>
<ul class="card">${dates.map(({ day, differences }) => html`<li><a href="${day}/index.html">${longDate(day)}</a>${differences && html` <a href="${day}-differences.html">what would be different today</a>`}</li>`)}</ul>
</main>`,
    ),
  };
}
