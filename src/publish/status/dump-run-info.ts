import type { DumpView } from './dump-view.ts';
import { pythonJson } from './python-json.ts';
import { fieldTime } from './times.ts';

/** dumpruninfo.txt: one line a job, the last job first. */
export function dumpRunInfoText(view: Pick<DumpView, 'jobs'>): string {
  return view.jobs
    .toReversed()
    .map((job) => `name:${job.name}; status:${job.status}; updated:${fieldTime(job.updatedAt)}\n`)
    .join('');
}

/** dumpruninfo.json: the same, in reverse order of the names, without a newline at the end. */
export function dumpRunInfoJson(view: Pick<DumpView, 'jobs'>): string {
  const jobs = view.jobs
    .toSorted((a, b) => (a.name < b.name ? 1 : -1))
    .map((job) => [job.name, { status: job.status, updated: fieldTime(job.updatedAt) }]);
  return pythonJson({ jobs: Object.fromEntries(jobs) });
}
