import { rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunStore } from '../../../src/control/store/run-store.ts';
import { jobName, type RunId, runId, subjectName } from '../../../src/core/ids.ts';
import { defaultTrackerOptions } from '../../../src/demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../../../src/demo/tracker/write-tracker-dump.ts';
import { makeOperationsFarm, type OperationsFarm } from '../../operations/operations-farm.ts';

export const wikis = ['alphawiki', 'betawiki'] as const;
export const leaseMs = 3_000;
const scope = 'web';

/** What one command line works on, and the runs that it is to bring to an end. */
export interface Task {
  readonly args: readonly string[];
  readonly runs: readonly RunId[];
}

export interface ChaosFarm {
  readonly farm: OperationsFarm;
  readonly store: RunStore;
}

/** A farm with two wikis, and a tracker of which one scope's reports are made. */
export async function makeChaosFarm(
  folder: string,
  store: unknown,
  /** Short, so that the dead cost little. */
  lease: Readonly<Record<string, string>> = { duration: `${leaseMs / 1000}s`, renewEvery: '1s' },
): Promise<OperationsFarm> {
  return await makeOperationsFarm(folder, wikis, {
    farm: {
      store,
      lease,
      phabricator: { dump: './tracker.dump', shrinkGuard: '10%' },
      scopes: { [scope]: { title: 'Web', rules: [{ rule: 'ProjectByID', title: 'Web', project: 100 }] } },
    },
  });
}

/** 20260101 and those after it. */
export function dateOfDay(day: number): string {
  return dayOf(day).replaceAll('-', '');
}

/** The day before a date: what its reports know to its end. */
export function asOfDay(day: number): string {
  return dayOf(day - 1);
}

/** A new night's dump of the tracker is there, and everything is due. */
export async function beginDay(folder: string, day: number): Promise<readonly Task[]> {
  const date = dateOfDay(day);
  await writeDump(folder, day);
  const run = (job: string, subject: string) => runId(jobName(job), subjectName(subject), date);
  return [
    ...wikis.map((wiki) => ({ args: ['dump', wiki, '--date', date], runs: [run('full-dump', wiki)] })),
    {
      args: ['report', 'run', '--date', date],
      runs: [run('phabricator-load', 'phabricator'), run('report', scope)],
    },
  ];
}

export async function writeDump(folder: string, day: number): Promise<void> {
  const [part, file] = [join(folder, 'tracker.part'), join(folder, 'tracker.dump')];
  const options = { ...defaultTrackerOptions, tasks: 120, asOf: asOfDay(day), oddities: 0.2 };
  await writeTrackerDump(part, options, { signal: new AbortController().signal });
  const made = new Date(Date.parse(`${dayOf(day)}T02:00:00Z`));
  await utimes(part, made, made);
  await rename(part, file);
}

export function reportFolder(folder: string, day: number): string {
  return join(folder, 'public', 'reports', scope, asOfDay(day));
}

function dayOf(day: number): string {
  return new Date(Date.UTC(2026, 0, day)).toISOString().slice(0, 10);
}
