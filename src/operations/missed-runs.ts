import type { FarmConfig } from '../config/farm-config.ts';
import { cronTimes, dateOf } from '../control/schedule/due-times.ts';
import { scheduleSinceKey } from '../control/schedule/run-scheduler.ts';
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
 * subject had its first run, or its oldest among the newest 1,000 of the job, are none: nobody waited for them; nor are those
 * before the schedule had this expression.
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
    const since = await p.store.readDue({ key: scheduleSinceKey(schedule, schedule.when) });
    missed.push(...missedOf(schedule, { ...schedule.when, ...(since && { since }) }, runs, now));
  }
  return missed.sort((a, b) => b.dueAt.getTime() - a.dueAt.getTime());
}

export function* missedOf(
  schedule: Pick<Schedule, 'job' | 'subjects' | 'dated'>,
  /** `since`: when the expression was first seen, if that is known. */
  when: { readonly expression: string; readonly zone: string; readonly since?: Date },
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
    const since = Math.max(
      when.since?.getTime() ?? 0,
      Math.min(...own.map((run) => run.createdAt.getTime())),
    );
    const dates = new Set(own.map(({ date }) => date));
    for (const dueAt of times) {
      const date = dateOf(dueAt, when.zone, dated);
      if (dueAt.getTime() < since || dates.has(date)) continue;
      dates.add(date);
      yield { run: runId(job, subject, date), job, subject, dueAt };
    }
  }
}
