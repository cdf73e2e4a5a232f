import type { LiveRecord } from '../../jobs/deploy/records.ts';
import type { DeploymentGrid } from '../../operations/deploy/deployment-grid.ts';
import type { SubjectStatus } from '../../operations/status/farm-status.ts';
import { type Html, html } from '../../publish/pages/html.ts';
import { hostGrid, hostsUnknownHere } from './host-grid.ts';
import type { PageParts } from './layout.ts';
import { chip, progressBar, runLink, time } from './words.ts';

export interface EnvironmentParts {
  readonly status: SubjectStatus;
  /** Undefined while nothing was deployed there. */
  readonly live: LiveRecord | undefined;
  /** Of the newest deployment, where its workspace is on this machine. */
  readonly grid: DeploymentGrid | undefined;
}

/** Every environment: what it serves, which hosts owe it, and its newest deployment as hosts × stages. */
export function deploymentsPage(environments: readonly EnvironmentParts[]): PageParts {
  return {
    title: 'Deployments',
    body: html`<h1>Deployments</h1>
${environments.length === 0 ? html`<p class="soft">No environment is described in rota.yaml.</p>` : environments.map(environment)}`,
  };
}

function environment({ status, live, grid }: EnvironmentParts): Html {
  const { subject, run, state, date, error, progress } = status;
  return html`<section><h2><a href="/subjects/${encodeURIComponent(subject)}">${subject}</a></h2>
<p class="facts">${chip(state)}${run === undefined ? null : runLink(run, `deploy ${date}`)}${live === undefined ? null : html`<span>serves <strong>${live.version}</strong> <span class="soft">since ${time(new Date(live.at))}</span></span>`}${live?.previous == null ? null : html`<span class="soft">before: ${live.previous}</span>`}</p>
${progress === undefined ? null : progressBar(progress)}
${error === undefined ? null : html`<p class="why">${error.code}: ${error.message}</p>`}
${owing(live)}
${grid === undefined ? (run === undefined ? null : hostsUnknownHere(status.holder)) : hostGrid(grid)}</section>`;
}

/** Hosts that do not serve what the environment serves. */
function owing(live: LiveRecord | undefined): Html | null {
  const hosts = Object.entries(live?.owing ?? {});
  if (hosts.length === 0) return null;
  return html`<p>Not served by ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}:</p>
<ul class="plain">${hosts.map(([host, why]) => html`<li><strong>${host}</strong>: <span class="why">${why}</span></li>`)}</ul>`;
}
