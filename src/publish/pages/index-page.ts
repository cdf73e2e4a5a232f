import { type Html, html } from './html.ts';
import { pageFrame } from './page-frame.ts';
import { groupedNumber } from './sizes.ts';
import { type StateLabel, stateSpan } from './state-span.ts';

/** One wiki in the list: its newest dump, or null when there is none. */
export interface WikiLine {
  readonly wiki: string;
  readonly dump: { readonly date: string; readonly updated: string; readonly label: StateLabel } | null;
  /** What runs now, already as HTML of this program. */
  readonly running?: Html | null;
}

export interface IndexPageOptions {
  /** What the pages are called; default "Database dumps". */
  readonly title?: string;
  /** A message of the operators (maintenance), instead of the line that says whether dumps run. */
  readonly message?: string;
  readonly order: 'newest' | 'name';
}

/** backup-index.html (newest first) or backup-index-bydb.html (by name). */
export function indexPage(lines: readonly WikiLine[], options: IndexPageOptions): string {
  const title = options.title ?? 'Database dumps';
  const running = lines.some((line) => line.dump?.label.className === 'in-progress');
  const status = running ? 'Dumps are in progress...' : 'Dump process is idle.';
  const other =
    options.order === 'newest'
      ? html`Also view sorted by <a href="backup-index-bydb.html">wiki name</a>`
      : html`Also view sorted by <a href="backup-index.html">date</a>`;
  return pageFrame(
    title,
    html`<header>
<h1>${title}</h1>
${options.message === undefined ? html`<p class="facts">${status} ${counts(lines)}</p>` : html`<p class="notice">${options.message}</p>`}
<p class="soft">${other}</p>
</header>
<main>
<h2>${options.order === 'newest' ? 'The newest dump of each wiki, newest first' : 'The newest dump of each wiki, by name'}</h2>
${
  lines.length === 0
    ? html`<p>No wiki has been dumped here yet.</p>`
    : html`<ul class="wikis">
${lines.map(wikiItem)}</ul>`
}
</main>
<footer>
<p>For programs: <a href="index.json">index.json</a></p>
<p>Times are UTC. Every date's folder has checksums of its files; latest/ in a wiki's folder names the newest complete set of each kind.</p>
</footer>`,
  );
}

function counts(lines: readonly WikiLine[]): Html {
  const failed = lines.filter((line) => line.dump?.label.className.includes('failed')).length;
  const noun = lines.length === 1 ? 'wiki' : 'wikis';
  return html`<span class="soft">${groupedNumber(lines.length)} ${noun}${failed === 0 ? '' : `, ${groupedNumber(failed)} with failures`}</span>`;
}

function wikiItem(line: WikiLine): Html {
  const { wiki, dump } = line;
  if (dump === null)
    return html`<li>${wiki}: <span class='missing-dump'>has not yet been dumped</span></li>
`;
  return html`<li>${dump.updated} <a href="${encodeURIComponent(wiki)}/${dump.date}">${wiki}</a>: ${stateSpan(dump.label)}${line.running}</li>
`;
}
