import { type Html, html } from '../../../../publish/pages/html.ts';
import { longDate } from '../../charts/draw/dates.ts';
import type { ScopeModel } from '../../model/scope-model.ts';
import { reportFrame } from '../frame/report-frame.ts';

export interface PageLink {
  readonly path: string;
  readonly title: string;
}

/** What every page of a scope's report shows around its own. */
export interface ScopeFrame {
  readonly model: ScopeModel;
  readonly pages: readonly PageLink[];
  /** Where all scopes are listed, as seen from the report's folder; null when it stands alone. */
  readonly allScopes: string | null;
}

export interface ScopePage {
  readonly path: string;
  readonly heading: string;
  readonly tables?: boolean;
  readonly body: Html;
}

export function scopePage(frame: ScopeFrame, page: ScopePage): string {
  const { model, pages, allScopes } = frame;
  const own = pages.find((link) => link.path === page.path);
  const title = page.heading === model.title ? model.title : `${page.heading}: ${model.title}`;
  return reportFrame(
    { title, tables: page.tables ?? false },
    html`<header>
<nav class="crumbs" aria-label="Where this is">${allScopes !== null && html`<a href="${allScopes}">All scopes</a> / `}${
      page.path === 'index.html'
        ? html`<bdi>${model.title}</bdi>`
        : html`<a href="index.html"><bdi>${model.title}</bdi></a>`
    }</nav>
<h1><bdi>${page.heading}</bdi></h1>
<p class="soft">As of the end of ${longDate(model.asOf)}.</p>
<nav class="tabs" aria-label="Pages of this report">${pages.map((link) => html`<a href="${link.path}"${link === own && html` aria-current="page"`}>${link.title}</a>`)}</nav>
</header>
<main>
${page.body}
</main>`,
  );
}

/** A link to a task, or its number where the tracker's address is not known. */
export function taskLink(tracker: string | null, id: number, text?: string): Html {
  const shown = html`<bdi>${text ?? `T${id}`}</bdi>`;
  return tracker === null ? shown : html`<a href="${tracker}/T${id}">${shown}</a>`;
}

export function projectLink(tracker: string | null, id: number, name: string | null): Html {
  const shown = html`<bdi>${name ?? `project ${id}`}</bdi>`;
  return tracker === null ? shown : html`<a href="${tracker}/project/view/${id}/">${shown}</a>`;
}
