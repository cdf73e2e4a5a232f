import { type Html, html } from './html.ts';
import { pageFrame } from './page-frame.ts';
import { groupedNumber } from './sizes.ts';

/** One wiki's newest good day of changes. */
export interface WikiDays {
  readonly wiki: string;
  readonly latest: {
    readonly date: string;
    readonly status: string;
    readonly increment: { readonly revisions: number };
    readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
  } | null;
  /** Dates that have a mark and no dump. */
  readonly missing: readonly string[];
}

/** `index.html` above the wikis' days. */
export function changesPage(wikis: readonly WikiDays[], options: { readonly title: string }): string {
  return pageFrame(
    options.title,
    html`<header>
<h1>${options.title}</h1>
<p class="facts">What was added and changed in each wiki, day by day.</p>
</header>
<main>
<h2>The latest good day of each wiki</h2>
${
  wikis.length === 0
    ? html`<p>No wiki has days of changes.</p>`
    : html`<ul class="wikis">
${wikis.map(item)}</ul>`
}
</main>
<footer>
<p>Each day's changes.json says from which state it leads on; rota changes apply brings a full dump up to date with them.</p>
</footer>`,
  );
}

function item({ wiki, latest, missing }: WikiDays): Html {
  if (latest === null) {
    return html`<li><strong>${wiki}</strong>: <span class='missing-dump'>no day yet</span></li>
`;
  }
  const folder = `${encodeURIComponent(wiki)}/${latest.date}`;
  const files = latest.files.filter(({ name }) => /\.(xml|jsonl)\./.test(name));
  return html`<li><strong>${wiki}</strong>: <a href="${folder}/">${latest.date}</a>, ${groupedNumber(latest.increment.revisions)} new revisions${latest.status === 'done' ? '' : ', with errors'}${missing.length === 0 ? '' : html` <span class="soft">(missing: ${missing.join(', ')})</span>`}
<ul>${files.map(
    ({
      name,
      sizeBytes,
    }) => html`<li class="file"><a href="${folder}/${encodeURIComponent(name)}">${name}</a> ${groupedNumber(sizeBytes)} bytes</li>
`,
  )}</ul></li>
`;
}
