import { type Html, html } from '../../../../publish/pages/html.ts';
import { quantity } from '../../charts/draw/numbers.ts';
import type { ScopeModel } from '../../model/scope-model.ts';

const mostSetAside = 20;

/** How far the data can be trusted. */
export function qualityBox({ quality }: Pick<ScopeModel, 'quality'>): Html {
  const line = (n: number, one: string, many: string) =>
    n > 0 && html`<li>${quantity(n)} ${n === 1 ? one : many}</li>`;
  const aside = quality.setAside;
  const time = (at: string) => `${at.slice(0, 16).replace('T', ' ')} UTC`;
  return html`<section class="card" id="data-quality"><h2>Data quality</h2>
<p class="soft">${quality.sourceAt !== null && `Source of ${time(quality.sourceAt)}. `}${quality.loadedAt !== null && `Loaded ${time(quality.loadedAt)}.`}</p>
<ul>${line(quality.estimatedClosures, 'closure is estimated: the tracker does not say when the task was closed', 'closures are estimated: the tracker does not say when the tasks were closed')}
${line(quality.unknownProjects, 'project is named that the source does not hold', 'projects are named that the source does not hold')}
${line(quality.unknownColumns, 'column is unknown or private', 'columns are unknown or private')}
${line(quality.gone, 'task of this scope is gone since the last load', 'tasks of this scope are gone since the last load')}
${line(aside.length, 'task of the tracker could not be read', 'tasks of the tracker could not be read')}</ul>
${aside.length > 0 && html`<details><summary>Tasks that could not be read</summary><ul>${aside.slice(0, mostSetAside).map(({ task, reason }) => html`<li><bdi>${task}</bdi>: <bdi>${reason}</bdi></li>`)}${aside.length > mostSetAside && html`<li>and ${quantity(aside.length - mostSetAside)} more</li>`}</ul></details>`}
${quality.estimatedClosures + quality.unknownProjects + quality.unknownColumns + quality.gone + aside.length === 0 && html`<p>Nothing to report.</p>`}</section>`;
}
