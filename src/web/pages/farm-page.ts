import type { FarmStatus, SubjectStatus } from '../../operations/status/farm-status.ts';
import { type Html, html } from '../../publish/pages/html.ts';
import type { Face } from '../face.ts';
import type { PageParts } from './layout.ts';
import { chip, progressBar, runLink, time } from './words.ts';

const needCare: readonly SubjectStatus['state'][] = [
  'failed',
  'held',
  'stopped',
  'done-with-errors',
  'retrying',
];

/** Jobs × subjects as a grid of states; what runs, what needs care, what is due next. */
export function farmPage(status: FarmStatus, face: Face): PageParts {
  const running = status.subjects.filter(({ state }) => state === 'running');
  const care = status.subjects.filter(({ state }) => needCare.includes(state));
  const due = status.subjects
    .filter((one) => one.nextDueAt !== undefined)
    .toSorted((a, b) => (a.nextDueAt?.getTime() ?? 0) - (b.nextDueAt?.getTime() ?? 0))
    .slice(0, 8);
  const isInside = face === 'operators';
  return {
    title: 'Farm',
    body: html`<h1>${status.name}</h1>
<p class="facts">${[...status.counts].map(([state, count]) => html`<span>${count} ${chip(state)}</span>`)}<span class="soft">${time(status.at)} UTC</span></p>
${status.pauses.length === 0 ? null : html`<p class="notice">Paused: ${status.pauses.map((pause) => `${pause.scope} (by ${pause.by})`).join(', ')}</p>`}
${status.exit ? html`<p class="notice">Workers have been told to end.</p>` : null}
<section><h2>Running now</h2>
${running.length === 0 ? html`<p class="soft">Nothing.</p>` : html`<ul class="cards">${running.map((one) => runningCard(one, isInside))}</ul>`}</section>
${care.length === 0 ? null : html`<section><h2>Needs care</h2><ul class="cards">${care.map((one) => careCard(one, isInside))}</ul></section>`}
<section><h2>All</h2>${grids(status.subjects, isInside)}</section>
<section><h2>Due next</h2>
${due.length === 0 ? html`<p class="soft">Nothing is scheduled.</p>` : html`<ul class="plain">${due.map((one) => html`<li>${time(one.nextDueAt)} ${one.job} of ${one.subject}</li>`)}</ul>`}</section>
${isInside ? workers(status) : null}`,
  };
}

function name(one: SubjectStatus, isInside: boolean): Html {
  const text = `${one.job} of ${one.subject}`;
  return isInside && one.run !== undefined ? runLink(one.run, text) : html`${text}`;
}

function runningCard(one: SubjectStatus, isInside: boolean): Html {
  return html`<li><strong>${name(one, isInside)}</strong> ${one.date}
${one.progress === undefined ? null : progressBar(one.progress)}
${one.holder === undefined ? null : html`<span class="soft">on ${one.holder.host}, process ${one.holder.pid}, since ${time(one.startedAt)}</span>`}</li>`;
}

function careCard(one: SubjectStatus, isInside: boolean): Html {
  const why =
    one.error === undefined
      ? one.reason
      : `${one.error.code}${one.error.message === '' ? '' : `: ${one.error.message}`}`;
  return html`<li>${chip(one.state)} <strong>${name(one, isInside)}</strong> ${one.date}
${why === undefined ? null : html`<p class="why">${why}</p>`}${one.retryAt === undefined ? null : html`<p class="soft">tried again at ${time(one.retryAt)}</p>`}</li>`;
}

/** A grid for each kind of subject: wikis have other jobs than environments. */
function grids(subjects: readonly SubjectStatus[], isInside: boolean): readonly Html[] {
  const kinds = Map.groupBy(subjects, ({ kind }) => kind);
  return [...kinds].map(([kind, ofKind]) => {
    const jobs = [...new Set(ofKind.map(({ job }) => job))];
    const rows = Map.groupBy(ofKind, ({ subject }) => subject);
    return html`<div class="scroll" tabindex="0" role="region" aria-label="${kind}s and jobs"><table><thead><tr><th scope="col">${kind}</th>${jobs.map((job) => html`<th scope="col">${job}</th>`)}</tr></thead>
<tbody>${[...rows].map(
      ([subject, cells]) =>
        html`<tr><th scope="row">${isInside ? html`<a href="/subjects/${encodeURIComponent(subject)}">${subject}</a>` : subject}</th>${jobs.map(
          (job) =>
            cell(
              cells.find((one) => one.job === job),
              isInside,
            ),
        )}</tr>`,
    )}</tbody></table></div>`;
  });
}

function cell(one: SubjectStatus | undefined, isInside: boolean): Html {
  if (one === undefined) return html`<td class="soft">–</td>`;
  const state = chip(one.state);
  const linked =
    isInside && one.run !== undefined
      ? html`<a class="cell" href="/runs/${one.run}">${state} ${one.date}</a>`
      : html`${state} ${one.date}`;
  return html`<td>${linked}</td>`;
}

function workers(status: FarmStatus): Html {
  if (status.workers.length === 0)
    return html`<section><h2>Workers</h2><p class="soft">No worker is there; <code>rota up</code> starts one.</p></section>`;
  return html`<section><h2>Workers</h2><ul class="plain">${status.workers.map(
    (worker) =>
      html`<li>${worker.host}: ${
        Object.entries(worker.running)
          .map(([job, count]) => `${count} ${job}`)
          .join(', ') || 'idle'
      }</li>`,
  )}</ul></section>`;
}
