import type { FarmConfig } from '../config/farm-config.ts';
import { cronTimes, dateOf } from '../control/schedule/due-times.ts';
import type { Schedule } from '../control/schedule/schedule.ts';
import type { RunStore } from '../control/store/run-store.ts';
import type { RunView } from '../control/store/run-view.ts';
import type { Clock } from '../core/clock.ts';
import { type RunId, runId } from '../core/ids.ts';
import type { AnyJob } from '../jobs/definition/job-definition.ts';
import { schedulesOf } from './schedules.ts';

export interface MissedRun {
  /** What it would be called. */
  readonly run: RunId;
  readonly job: string;
  readonly subject: string;
  readonly dueAt: Date;
}

const dayMs = 24 * 3_600_000;
const withinMs = 30 * dayMs;
/** Of each job, so that the question stays small on a farm of a thousand wikis: then it reaches less far back. */
const newestRuns = 1_000;
/** Workers look for what is due twice a minute. */
const soonMs = 10 * 60_000;

/**
 * Due times of the last 30 days for which there is no run, newest first: `rota schedule catch-up` creates them. Times before a
 * subject had its first run, or its oldest among the newest 1,000 of the job, are none: nobody waited for them.
 */
export async function missedRuns(p: {
  readonly config: FarmConfig;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly jobs: readonly AnyJob[];
}): Promise<readonly MissedRun[]> {
  const now = p.clock.now();
  const missed: MissedRun[] = [];
  for (const schedule of schedulesOf(p.config, p.jobs)) {
    if (schedule.when.kind !== 'cron') continue;
    const runs = await p.store.listRuns({ job: schedule.job, limit: newestRuns });
    missed.push(...missedOf(schedule, schedule.when, runs, now));
  }
  return missed.sort((a, b) => b.dueAt.getTime() - a.dueAt.getTime());
}

export function* missedOf(
  schedule: Pick<Schedule, 'job' | 'subjects' | 'dated'>,
  when: { readonly expression: string; readonly zone: string },
  runs: readonly Pick<RunView, 'subject' | 'date' | 'createdAt'>[],
  now: Date,
): Generator<MissedRun> {
  const { job, dated = 'day' } = schedule;
  const after = new Date(now.getTime() - withinMs);
  const until = new Date(now.getTime() - soonMs);
  const times = [...cronTimes({ ...when, after, until })];
  const bySubject = Map.groupBy(runs, ({ subject }) => subject);
  for (const subject of schedule.subjects) {
    const own = bySubject.get(subject) ?? [];
    const since = Math.min(...own.map(({ createdAt }) => createdAt.getTime()));
    const dates = new Set(own.map(({ date }) => date));
    for (const dueAt of times) {
      const date = dateOf(dueAt, when.zone, dated);
      if (dueAt.getTime() < since || dates.has(date)) continue;
      dates.add(date);
      yield { run: runId(job, subject, date), job, subject, dueAt };
    }
  }
}
