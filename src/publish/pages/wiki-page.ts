import { html } from './html.ts';
import { pageFrame } from './page-frame.ts';
import { type StateLabel, stateSpan } from './state-span.ts';

/** One date of a wiki; `status` is null where the date does not say how it stands. */
export interface DateLine {
  readonly date: string;
  readonly status: { readonly updated: string; readonly label: StateLabel } | null;
}

const unknown: StateLabel = { className: 'failed', text: 'missing status record' };

/** The index.html of a wiki's folder: the dates that are kept, newest first, for servers that list no folders. */
export function wikiPage(wiki: string, dates: readonly DateLine[]): string {
  return pageFrame(
    `${wiki} dumps`,
    html`<header>
<nav class="crumbs" aria-label="Where this is"><a href="../backup-index.html">All wikis</a> / ${wiki}</nav>
<h1>Dumps of ${wiki}</h1>
<p class="soft">The folder <a href="latest/">latest</a> names the newest complete set of each kind of file.</p>
</header>
<main>
<h2>Dates, newest first</h2>
<ul class="wikis">
${dates.map(
  ({
    date,
    status,
  }) => html`<li>${status?.updated ?? ''} <a href="${date}/index.html">${date}</a>: ${stateSpan(status?.label ?? unknown)}</li>
`,
)}</ul>
</main>`,
  );
}
