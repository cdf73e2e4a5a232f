import { type Html, html } from '../../../../publish/pages/html.ts';
import { longDate } from '../../charts/draw/dates.ts';
import { reportFrame } from '../frame/report-frame.ts';
import { presentable } from '../presentable.ts';
import type { ReportFile } from '../report-file.ts';
import { failureNotice, mainOf, type ScopeEntry } from './index-page.ts';

export interface Group {
  /** The base name of its page. */
  readonly name: string;
  readonly title: string;
  readonly scopes: readonly ScopeEntry[];
}

/** A dashboard: the burn-ups of several scopes on one page, as the pictures that their reports published. */
export function renderGroup(given: Group, allScopes: string): ReportFile {
  const { name, title, scopes } = presentable(given);
  return {
    path: `${name}.html`,
    content: reportFrame(
      { title, pictures: true },
      html`<header>
<nav class="crumbs" aria-label="Where this is"><a href="${allScopes}">All scopes</a> / <bdi>${title}</bdi></nav>
<h1><bdi>${title}</bdi></h1>
</header>
<main>
${scopes.map(failureNotice)}
<div class="boards">${scopes.map(board)}</div>
</main>`,
    ),
  };
}

function board({ title, report, folder }: ScopeEntry): Html {
  if (report === null)
    return html`<figure><figcaption><h2><bdi>${title}</bdi></h2><p>There is no report yet.</p></figcaption></figure>`;
  const { unit } = mainOf(report);
  const sentence = report[unit].sentence;
  return html`<figure>
<figcaption><h2><a href="${folder}index.html"><bdi>${title}</bdi></a></h2><p>${sentence} As of ${longDate(report.asOf)}.</p></figcaption>
<a href="${folder}burn-up.html"><img src="${folder}charts/backlog-burn-up-${unit}-narrow.svg" alt="Burn-up of ${title}: ${sentence}" width="358" height="420" loading="lazy"></a>
</figure>`;
}
