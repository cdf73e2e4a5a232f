import type { RunDetails, StageView } from '../../control/store/run-view.ts';
import { durationText } from '../../core/duration-text.ts';
import { isEnded } from '../../core/run-state.ts';
import { deployName } from '../../jobs/deploy/name.ts';
import type { DeploymentGrid } from '../../operations/deploy/deployment-grid.ts';
import { type Html, html } from '../../publish/pages/html.ts';
import { actionsOf } from '../actions.ts';
import type { RunAnswer } from '../data/farm-reader.ts';
import { mayDo } from '../security/visitor.ts';
import type { Visitor } from '../security/visitor-record.ts';
import { hostGrid, hostsUnknownHere } from './host-grid.ts';
import type { PageParts } from './layout.ts';
import { chip, progressBar, time } from './words.ts';

export interface RunPageParts {
  readonly answer: RunAnswer;
  /** Of a deployment. */
  readonly grid: DeploymentGrid | undefined;
  readonly log: readonly string[];
  readonly visitor: Visitor | undefined;
  readonly now: Date;
  /** What became of the action that was just asked for. */
  readonly said: string | undefined;
}

export function runPage({ answer, grid, log, visitor, now, said }: RunPageParts): PageParts {
  const { run, why } = answer;
  return {
    title: run.id,
    body: html`<p class="crumbs"><a href="/">Farm</a> / <a href="/subjects/${run.subject}">${run.subject}</a></p>
<h1>${run.id}</h1>
<p class="facts">${chip(why.state === 'running' && run.lease?.alive !== true ? 'stopped' : why.state)}
<span class="soft">due ${time(run.dueAt)}</span>${run.startedAt === undefined ? null : html`<span class="soft">begun ${time(run.startedAt)}</span>`}${run.endedAt === undefined ? null : html`<span class="soft">ended ${time(run.endedAt)}</span>`}${run.epoch > 1 ? html`<span class="soft">begun anew: epoch ${run.epoch}</span>` : null}</p>
${said === undefined ? null : html`<p class="notice" role="status">${said}</p>`}
${run.error === undefined ? null : html`<p class="why"><strong>${run.error.code}</strong>: ${run.error.message}</p>`}
<ul class="plain">${why.sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
${run.progress === undefined || run.lease?.alive !== true ? null : progressBar(run.progress)}
${actions(run, visitor)}
${sets(run)}
<section><h2>Stages</h2>${timeline(run, now)}</section>
${hosts(run, grid)}
${pieces(answer)}
<section><h2>Log</h2>${log.length === 0 ? html`<p class="soft">No log is here: it lies on the host that worked on the run, until its workspace is removed.</p>` : html`<pre tabindex="0" aria-label="Last lines of the log">${log.map(logLine).join('\n')}</pre>`}</section>
${history(answer)}`,
  };
}

/** Of a deployment; before it has begun there is nothing to be known. */
function hosts(run: RunDetails, grid: DeploymentGrid | undefined): Html | null {
  if (grid !== undefined) return html`<section><h2>Hosts</h2>${hostGrid(grid)}</section>`;
  if (run.job !== deployName || run.startedAt === undefined) return null;
  return html`<section><h2>Hosts</h2>${hostsUnknownHere(run.holder)}</section>`;
}

function actions(run: RunDetails, visitor: Visitor | undefined): Html | null {
  const possible = actionsOf(run).filter(({ role }) => mayDo(visitor, role));
  if (visitor?.session === undefined || possible.length === 0) return null;
  const { formKey } = visitor.session;
  return html`<div class="actions">${possible.map(
    ({ change, label }) =>
      html`<form method="post" action="/api/v1/runs/${run.id}/${change}"><input type="hidden" name="formKey" value="${formKey}"><button class="${change}">${label}</button></form>`,
  )}</div>`;
}

function sets(run: RunDetails): Html | null {
  if (run.sets.length === 0) return null;
  return html`<section><h2>Held sets</h2><ul class="cards">${run.sets.map(
    (set) =>
      html`<li>${chip(set.state)} <strong>${set.set === '*' ? 'the whole run' : set.set}</strong><p class="why">${set.reason}</p>${set.by === undefined ? null : html`<span class="soft">by ${set.by}</span>`}</li>`,
  )}</ul></section>`;
}

/** Bars on one time axis, from the first start to now (or the end). */
function timeline(run: RunDetails, now: Date): Html {
  const begins = run.stages.flatMap(({ startedAt }) =>
    startedAt === undefined ? [] : [startedAt.getTime()],
  );
  const from = Math.min(...begins, now.getTime());
  const to = Math.max(isEnded(run.state) ? (run.endedAt ?? now).getTime() : now.getTime(), from + 1000);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Stages"><table class="stages"><thead><tr><th scope="col">stage</th><th scope="col">state</th><th scope="col">took</th><th scope="col">when</th></tr></thead>
<tbody>${run.stages.map((stage) => stageRow(stage, from, to, now))}</tbody></table></div>`;
}

function stageRow(stage: StageView, from: number, to: number, now: Date): Html {
  const start = stage.startedAt?.getTime();
  const end = stage.endedAt?.getTime() ?? (stage.state === 'running' ? now.getTime() : start);
  const scale = (at: number) => Math.round(((at - from) / (to - from)) * 1000) / 10;
  const bar =
    start === undefined || end === undefined
      ? null
      : html`<svg class="span" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="${stage.state}" x="${scale(start)}" y="0" width="${Math.max(0.6, scale(end) - scale(start))}" height="6"/></svg>`;
  const why = stage.error === undefined ? stage.reason : `${stage.error.code}: ${stage.error.message}`;
  return html`<tr><th scope="row">${stage.name}${why === undefined ? null : html`<p class="why">${why}</p>`}</th><td>${chip(stage.state)}${stage.tries > 1 ? html` <span class="soft">try ${stage.tries}</span>` : null}</td>
<td>${start === undefined || end === undefined ? null : durationText(end - start)}</td><td>${bar}</td></tr>`;
}

function pieces({ pieces: stages }: RunAnswer): Html | null {
  if (stages.length === 0) return null;
  return html`<section><h2>Pieces</h2><ul class="cards">${stages.map(
    ({
      stage,
      counts,
      notable,
    }) => html`<li><strong>${stage}</strong> ${counts.committed} made, ${counts.leased} in work, ${counts.open} waiting${counts.failed > 0 ? `, ${counts.failed} failed` : ''}
${notable.length === 0 ? null : html`<ul class="plain">${notable.map((piece) => html`<li>${piece.id}: ${piece.state}${piece.holder === undefined ? null : ` on ${piece.holder.host}`}${piece.error === undefined ? null : html` – ${piece.error.code}: ${piece.error.message}`}</li>`)}</ul>`}</li>`,
  )}</ul></section>`;
}

function history({ transitions }: RunAnswer): Html {
  return html`<details><summary>History (${transitions.length} changes of state)</summary><ul class="plain">${transitions.map(
    (one) =>
      html`<li>${time(one.at)} ${one.stage ?? 'run'}: ${one.from ?? 'new'} → ${one.to}${one.host === undefined ? null : ` on ${one.host}`}${one.reason === undefined ? null : html` – ${one.reason}`}</li>`,
  )}</ul></details>`;
}

/** A line of JSON of the run's events, for people; what is none stays as it is. */
function logLine(line: string): string {
  try {
    const { at, type, stage, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const { run: _run, position: _position, stageCount: _stageCount, durationMs, ...told } = rest;
    const details = Object.entries(told)
      .filter(([, value]) => value !== undefined && value !== null && typeof value !== 'object')
      .map(([key, value]) => `${key}=${String(value)}`);
    const { error } = told as { readonly error?: { readonly code?: string; readonly message?: string } };
    const why = error?.code === undefined ? [] : [`${error.code}: ${error.message ?? ''}`];
    const took = typeof durationMs === 'number' ? [`took ${durationText(durationMs)}`] : [];
    return [String(at).slice(0, 19), type, stage ?? '', ...details, ...took, ...why]
      .filter((part) => part !== '')
      .join(' ');
  } catch {
    return line;
  }
}
