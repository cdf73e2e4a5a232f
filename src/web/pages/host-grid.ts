import { durationText } from '../../core/duration-text.ts';
import type { DeploymentGrid, GridCell, GridHost } from '../../operations/deploy/deployment-grid.ts';
import { type Html, html } from '../../publish/pages/html.ts';
import { chip } from './words.ts';

/** A page of more rows is slow on a phone; the API tells of all. */
const mostHosts = 500;

/** A deployment as hosts × stages: failed hosts first, then as rota.yaml has them. */
export function hostGrid({ stages, hosts }: DeploymentGrid): Html {
  const failed = (host: GridHost) =>
    host.state === 'failed' || host.cells.some((cell) => cell.state === 'failed');
  const sorted = [...hosts.filter(failed), ...hosts.filter((host) => !failed(host))];
  const counts = Map.groupBy(hosts, ({ state }) => state);
  const left = sorted.length - mostHosts;
  return html`<p class="facts">${[...counts].map(([state, all]) => html`<span>${chip(state)} ${all.length}</span>`)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Hosts and stages"><table class="hosts"><thead><tr><th scope="col">host</th><th scope="col">group</th><th scope="col">state</th>${stages.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${sorted.slice(0, mostHosts).map(hostRow)}</tbody></table></div>
${left > 0 ? html`<p class="soft">${left} further hosts are not shown.</p>` : null}`;
}

/** In its place, where the workspace of a deployment is on another machine. */
export function hostsUnknownHere(holder: { readonly host: string } | undefined): Html {
  const where = holder === undefined ? '' : ` (${holder.host})`;
  return html`<p class="soft">Hosts are unknown here: what was done on which host is on the machine that deployed${where}.</p>`;
}

function hostRow({ host, group, state, cells }: GridHost): Html {
  const why = cells.findLast((cell) => cell.state === 'failed');
  return html`<tr><th scope="row">${host}${why === undefined ? null : html`<p class="why">${why.step}: ${why.code}: ${why.message}</p>`}</th><td>${group ?? '–'}</td><td>${chip(state)}</td>${cells.map((cell) => html`<td>${cellText(cell)}</td>`)}</tr>`;
}

function cellText({ state, step, tookMs, steps }: GridCell): Html {
  if (state === 'none') return html`<span class="soft">–</span>`;
  const told =
    state === 'running' || state === 'failed' ? step : steps > 0 ? durationText(tookMs) : undefined;
  return html`${chip(state)}${told === undefined ? null : html` <span class="soft">${told}</span>`}`;
}
