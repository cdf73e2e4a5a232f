import { setOfJob } from '../dump-catalogue/dump-catalogue.ts';
import { setTitles } from '../dump-catalogue/dump-output.ts';
import { checksumAlgorithms } from '../files/file-digest.ts';
import { checksumListName } from '../status/checksum-files.ts';
import type { DumpView, JobView } from '../status/dump-view.ts';
import { fieldTime } from '../status/times.ts';
import { type Html, html } from './html.ts';
import { jobItem } from './job-item.ts';
import { pageFrame } from './page-frame.ts';
import { groupedNumber, readableSize } from './sizes.ts';
import { stateLabel, stateSpan } from './state-span.ts';

export interface DumpPageOptions {
  /** Files beside the jobs' that the page links for programs; only those that exist. */
  readonly machineFiles?: readonly string[];
}

/** The index.html of one dump: its state, and its jobs with files, the last job first. All links are relative. */
export function dumpPage(view: DumpView, options: DumpPageOptions = {}): string {
  const machineFiles = options.machineFiles ?? [
    'dumpstatus.json',
    'manifest.json',
    'report.json',
    'dumpruninfo.txt',
  ];
  return pageFrame(
    `${view.wiki} dump of ${view.date}`,
    html`<header>
<nav class="crumbs" aria-label="Where this is"><a href="../../backup-index.html">All wikis</a> / <a href="../index.html">${view.wiki}</a> / ${view.date}</nav>
<h1>${view.wiki} dump progress on ${view.date}</h1>
<p class="facts state">${stateSpan(stateLabel(view))} ${totals(view)} <em>Updated ${fieldTime(view.updatedAt)} UTC</em></p>
${view.notice === undefined ? null : html`<p class="notice">${view.notice}</p>`}
<p class="soft">${previousLine(view)}</p>
<p class="links">Checksums of all files: ${checksumLinks(view)}</p>
</header>
<main>
${sections(view.jobs)}
</main>
<footer>
<p>For programs: ${machineFiles.map((file) => html`<a href="${encodeURIComponent(file)}">${file}</a> `)}</p>
</footer>`,
  );
}

function totals(view: DumpView): Html | null {
  const present = view.jobs.flatMap((job) => job.files).filter((file) => file.state === 'present');
  if (present.length === 0) return null;
  const bytes = present.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
  const noun = present.length === 1 ? 'file' : 'files';
  return html`<b>${groupedNumber(present.length)} ${noun}, ${readableSize(bytes)}</b>`;
}

function previousLine(view: DumpView): Html {
  const { previousDate, state } = view;
  const running = state === 'in-progress';
  if (previousDate === null) {
    return running
      ? html`This dump is in progress. No prior dumps of this database stored.`
      : html`No prior dumps of this database stored.`;
  }
  return running
    ? html`This dump is in progress; see also the <a href='../${previousDate}/'>previous dump from ${previousDate}</a>`
    : html`Last dumped on <a href='../${previousDate}/'>${previousDate}</a>`;
}

function checksumLinks(view: DumpView): readonly Html[] {
  return checksumAlgorithms.map((algorithm) => {
    const base = encodeURIComponent(checksumListName(view, algorithm));
    return html`<span><a href="${base}.txt">${algorithm}</a> (<a href="${base}.json" aria-label="${algorithm} as JSON">json</a>)</span> `;
  });
}

/** The jobs of one set stand under its title; sets and jobs are in reverse order of their making. */
function sections(jobs: readonly JobView[]): readonly Html[] {
  const groups = Map.groupBy(jobs.toReversed(), (job) => {
    const set = setOfJob(job.name);
    return set === undefined ? 'Other files' : setTitles[set];
  });
  return [...groups].map(
    ([title, group]) => html`<section>
<h2>${title}</h2>
<ul class="jobs">
${group.map(jobItem)}</ul>
</section>
`,
  );
}
