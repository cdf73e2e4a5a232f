import type { FarmConfig } from '../config/farm-config.ts';
import { dateOf, dueTimes } from '../control/schedule/due-times.ts';
import type { RunStore } from '../control/store/run-store.ts';
import type { Clock } from '../core/clock.ts';
import { type RunId, runId } from '../core/ids.ts';
import type { AnyJob } from '../jobs/definition/job-definition.ts';
import { schedulesOf } from './schedules.ts';

/** The runs of missed due times that do not exist; they are created unless it is a dry run. */
export async function catchUpRuns(p: {
  readonly config: FarmConfig;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly policy: 'latest' | 'all';
  readonly withinMs: number;
  readonly jobs: readonly AnyJob[];
  /** Only these subjects; all when left out. */
  readonly only?: readonly string[];
  readonly dryRun: boolean;
}): Promise<readonly RunId[]> {
  const now = p.clock.now();
  const missing: RunId[] = [];
  for (const schedule of schedulesOf(p.config, p.jobs)) {
    const { when, job, dated = 'day' } = schedule;
    // What goes round and round misses nothing.
    if (when.kind !== 'cron') continue;
    const after = new Date(now.getTime() - p.withinMs);
    for (const dueAt of dueTimes({ ...when, after, now, catchUp: p })) {
      for (const subject of schedule.subjects) {
        if (p.only !== undefined && !p.only.includes(subject)) continue;
        const id = runId(job, subject, dateOf(dueAt, when.zone, dated));
        if (p.dryRun) {
          if ((await p.store.readRun({ id })) === undefined) missing.push(id);
          continue;
        }
        const { created } = await p.store.createRun({
          ...schedule.plan?.({ id, subject, dueAt }),
          id,
          dueAt,
        });
        if (created) missing.push(id);
      }
    }
  }
  return missing;
}
