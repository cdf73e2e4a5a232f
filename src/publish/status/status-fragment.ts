import { type Html, html } from '../pages/html.ts';
import { runningItem } from '../pages/job-item.ts';
import { stateLabel, stateSpan } from '../pages/state-span.ts';
import type { DumpView, JobView } from './dump-view.ts';
import { fieldTime } from './times.ts';

/** status.html: the line about this dump in the list of all wikis, and what runs now. */
export function statusFragment(view: DumpView): string {
  const { wiki, date } = view;
  const line = html`<li>${fieldTime(view.updatedAt)} <a href="${encodeURIComponent(wiki)}/${date}">${wiki}</a>: ${stateSpan(stateLabel(view))}</li>
`;
  return `${line}${runningJobs(view.jobs) ?? ''}`;
}

/** The jobs in progress as a list; null when there are none. */
export function runningJobs(jobs: readonly JobView[]): Html | null {
  const running = jobs.filter((job) => job.status === 'in-progress');
  return running.length === 0
    ? null
    : html`<ul>${running.map(runningItem)}</ul>
`;
}
