import type { RunView } from '../../control/store/run-view.ts';
import { runStates } from '../../core/run-state.ts';
import type { MissedRun } from '../../operations/missed-runs.ts';
import type { SubjectStatus } from '../../operations/status/farm-status.ts';
import { type Html, html } from '../../publish/pages/html.ts';
import type { ScheduleAnswer } from '../data/farm-reader.ts';
import type { PageParts } from './layout.ts';
import { runTable } from './subject-page.ts';
import { chip, progressBar, runLink, time } from './words.ts';

export interface RunsQuery {
  readonly job: string;
  readonly subject: string;
  readonly state: string;
}

/** The newest runs, those that were asked for; `next` is the address of the older ones. */
export function runsPage(
  runs: readonly RunView[],
  query: RunsQuery,
  jobs: readonly string[],
  next: string | null,
): PageParts {
  const choice = (label: string, name: string, values: readonly string[], chosen: string): Html =>
    html`<label>${label} <select name="${name}"><option value="">all</option>${values.map((value) => html`<option${value === chosen ? html` selected` : null}>${value}</option>`)}</select></label>`;
  return {
    title: 'Runs',
    body: html`<h1>Runs</h1>
<form class="filter" method="get" action="/runs">${choice('Job', 'job', jobs, query.job)}${choice('State', 'state', runStates, query.state)}
<label>Subject <input name="subject" value="${query.subject}" size="14"></label><button>Show</button></form>
${runTable(runs)}
${next === null ? null : html`<p><a href="${next}">Older ones</a></p>`}`,
  };
}

export function schedulePage(
  schedules: readonly ScheduleAnswer[],
  subjects: readonly SubjectStatus[],
  missed: readonly MissedRun[],
): PageParts {
  const due = subjects
    .filter((one) => one.nextDueAt !== undefined)
    .toSorted((a, b) => (a.nextDueAt?.getTime() ?? 0) - (b.nextDueAt?.getTime() ?? 0));
  return {
    title: 'Schedule',
    body: html`<h1>Schedule</h1>
<div class="scroll" tabindex="0" role="region" aria-label="Jobs"><table><thead><tr><th scope="col">job</th><th scope="col">when</th><th scope="col" class="number">of</th><th scope="col">due next</th></tr></thead>
<tbody>${schedules.map((one) => html`<tr><th scope="row"><a href="/runs?job=${one.job}">${one.job}</a></th><td>${one.text}</td><td class="number">${one.subjects}</td><td>${time(one.nextDueAt)}</td></tr>`)}</tbody></table></div>
${missedSection(missed)}
<section><h2>Due next</h2>${
      due.length === 0
        ? html`<p class="soft">Nothing is scheduled.</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="Due next"><table><thead><tr><th scope="col">when</th><th scope="col">job</th><th scope="col">of</th><th scope="col">last</th></tr></thead><tbody>${due.map(
            (one) =>
              html`<tr><td>${time(one.nextDueAt)}</td><td>${one.job}</td><th scope="row"><a href="/subjects/${encodeURIComponent(one.subject)}">${one.subject}</a></th><td>${chip(one.state)} ${one.date}</td></tr>`,
          )}</tbody></table></div>`
    }</section>`,
  };
}

const shownMissed = 50;

function missedSection(missed: readonly MissedRun[]): Html | null {
  if (missed.length === 0) return null;
  return html`<section><h2>Missed</h2>
<p>Due in the last 30 days, and there is no run. <code>rota schedule catch-up</code> makes up for them.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Missed"><table><thead><tr><th scope="col">due</th><th scope="col">job</th><th scope="col">of</th></tr></thead>
<tbody>${missed
    .slice(0, shownMissed)
    .map(
      (one) =>
        html`<tr><td>${time(one.dueAt)}</td><td>${one.job}</td><th scope="row"><a href="/subjects/${encodeURIComponent(one.subject)}">${one.subject}</a></th></tr>`,
    )}</tbody></table></div>
${missed.length > shownMissed ? html`<p class="soft">and ${missed.length - shownMissed} earlier ones</p>` : null}</section>`;
}

/** Subjects of some jobs with their newest runs: what reports and deployments have in common. */
export function jobPage(p: {
  readonly title: string;
  readonly subjects: readonly SubjectStatus[];
  readonly empty: string;
  readonly links: (one: SubjectStatus) => Html | null;
}): PageParts {
  return {
    title: p.title,
    body: html`<h1>${p.title}</h1>
${
  p.subjects.length === 0
    ? html`<p class="soft">${p.empty}</p>`
    : html`<ul class="cards">${p.subjects.map(
        (
          one,
        ) => html`<li>${chip(one.state)} <strong><a href="/subjects/${encodeURIComponent(one.subject)}">${one.subject}</a></strong> ${one.run === undefined ? null : runLink(one.run, `${one.job} ${one.date}`)}
${one.progress === undefined ? null : progressBar(one.progress)}
${one.error === undefined ? null : html`<p class="why">${one.error.code}: ${one.error.message}</p>`}${p.links(one)}</li>`,
      )}</ul>`
}`,
  };
}
