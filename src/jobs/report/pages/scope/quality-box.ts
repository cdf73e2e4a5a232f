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
${line(quality.inUnknownColumns, 'task is in such a column, where the rules ask for it', 'tasks are in such columns, where the rules ask for them')}
${line(quality.unknownStatuses, 'task has a status that is not known, and counts as open', 'tasks have a status that is not known, and count as open')}
${line(quality.gone, 'task of this scope is gone since the last load', 'tasks of this scope are gone since the last load')}
${line(quality.setAsideCount, 'task of the tracker could not be read', 'tasks of the tracker could not be read')}</ul>
${aside.length > 0 && html`<details><summary>Tasks that could not be read</summary><ul>${aside.slice(0, mostSetAside).map(({ task, reason }) => html`<li><bdi>${task}</bdi>: <bdi>${reason}</bdi></li>`)}${quality.setAsideCount > mostSetAside && html`<li>and ${quantity(quality.setAsideCount - mostSetAside)} more</li>`}</ul></details>`}
${quality.estimatedClosures + quality.unknownProjects + quality.unknownColumns + quality.unknownStatuses + quality.gone + quality.setAsideCount === 0 && html`<p>Nothing to report.</p>`}</section>`;
}
