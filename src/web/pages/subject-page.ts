import type { RunView } from '../../control/store/run-view.ts';
import type { SubjectStatus } from '../../operations/status/farm-status.ts';
import type { PublishedDate } from '../../publish/listing/published-dates.ts';
import { type Html, html } from '../../publish/pages/html.ts';
import { readableSize } from '../../publish/pages/sizes.ts';
import { daysSection, type ShownDay } from './days-section.ts';
import type { PageParts } from './layout.ts';
import { sizeChart } from './size-chart.ts';
import { chip, progressBar, runLink, time } from './words.ts';

export interface SubjectPageParts {
  readonly subject: string;
  /** Newest run of each job. */
  readonly statuses: readonly SubjectStatus[];
  /** Newest first. */
  readonly runs: readonly RunView[];
  /** Of a wiki: what is published, newest first. */
  readonly dates: readonly PublishedDate[];
  readonly audience: 'public' | 'private';
  /** Of a wiki with adds/changes dumps: its days, newest first, and the folder in which they lie. */
  readonly changes: { readonly days: readonly ShownDay[]; readonly folder: string };
}

interface DateSize {
  readonly date: string;
  readonly bytes: number;
  readonly files: number;
}

export function subjectPage(p: SubjectPageParts): PageParts {
  const sizes = p.dates.map(sizeOf);
  return {
    title: p.subject,
    body: html`<p class="crumbs"><a href="/">Farm</a></p><h1>${p.subject}</h1>
<p class="facts">${p.audience === 'private' ? html`<span class="chip">private</span>` : null}</p>
<ul class="cards">${p.statuses.map(
      (
        one,
      ) => html`<li>${chip(one.state)} <strong>${one.run === undefined ? one.job : runLink(one.run, one.job)}</strong> ${one.date}
${one.progress === undefined ? null : progressBar(one.progress)}
${one.error === undefined ? null : html`<p class="why">${one.error.code}: ${one.error.message}</p>`}
${one.nextDueAt === undefined ? null : html`<span class="soft">due next ${time(one.nextDueAt)}</span>`}</li>`,
    )}</ul>
${sizes.length === 0 ? null : published(p, sizes)}
${daysSection(p.changes.days, p.changes.folder)}
<section><h2>Runs</h2>${runTable(p.runs)}</section>`,
  };
}

export function runTable(runs: readonly RunView[]): Html {
  if (runs.length === 0) return html`<p class="soft">None yet.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Runs"><table><thead><tr><th scope="col">run</th><th scope="col">state</th><th scope="col">due</th><th scope="col">changed</th></tr></thead>
<tbody>${runs.map(
    (run) =>
      html`<tr><th scope="row">${runLink(run.id)}${run.error === undefined ? null : html`<p class="why">${run.error.code}: ${run.error.message}</p>`}</th><td>${chip(run.state)}</td><td>${time(run.dueAt)}</td><td>${time(run.updatedAt)}</td></tr>`,
  )}</tbody></table></div>`;
}

function published(p: SubjectPageParts, sizes: readonly DateSize[]): Html {
  const folder = `/files/${p.audience}/${encodeURIComponent(p.subject)}`;
  return html`<section><h2>Published dumps</h2>
${sizes.length < 2 ? null : sizeChart(sizes.toReversed().slice(-24))}
<div class="scroll" tabindex="0" role="region" aria-label="Published dumps"><table><thead><tr><th scope="col">date</th><th scope="col">state</th><th scope="col" class="number">files</th><th scope="col" class="number">size</th></tr></thead>
<tbody>${p.dates.map((one, index) => {
    const size = sizes[index];
    return html`<tr><th scope="row"><a href="${folder}/${one.date}/">${one.date}</a></th><td>${one.status === null ? '–' : one.status.label.text}</td><td class="number">${size?.files}</td><td class="number">${size === undefined ? null : readableSize(size.bytes)}</td></tr>`;
  })}</tbody></table></div></section>`;
}

/** As dumpstatus.json tells it, which another program may have written. */
function sizeOf({ date, dumpStatus }: PublishedDate): DateSize {
  let total = 0;
  let count = 0;
  const { jobs } = dumpStatus;
  for (const job of Object.values(typeof jobs === 'object' && jobs !== null ? jobs : {})) {
    const files = typeof job === 'object' && job !== null && 'files' in job ? job.files : null;
    for (const file of Object.values(typeof files === 'object' && files !== null ? files : {})) {
      if (typeof file !== 'object' || file === null || !('size' in file)) continue;
      total += Number(file.size) || 0;
      count += 1;
    }
  }
  return { date, bytes: total, files: count };
}
