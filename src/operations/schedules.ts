import type { FarmConfig } from '../config/farm-config.ts';
import type { Schedule } from '../control/schedule/schedule.ts';
import type { NewRun } from '../control/store/run-store.ts';
import { subjectName } from '../core/ids.ts';
import { fullDumpName } from '../jobs/full-dump/index.ts';

/** When the farm's jobs are due; a job that only people start has none. */
export function schedulesOf(config: FarmConfig): readonly Schedule[] {
  const { schedule, catchUp } = config.jobs.fullDump;
  if (schedule.kind === 'manual') return [];
  return [
    {
      job: fullDumpName,
      subjects: [...config.wikis.keys()].map(subjectName),
      when:
        schedule.kind === 'cron'
          ? { kind: 'cron', expression: schedule.expression, zone: schedule.zone }
          : { kind: 'continuous', cooldownMs: schedule.coolDownMs, zone: schedule.zone },
      catchUp,
      plan: ({ subject }) => planOf(config, subject),
    },
  ];
}

/** What a new run of a wiki is created with. */
export function planOf(config: FarmConfig, wiki: string): Omit<NewRun, 'id' | 'dueAt'> {
  return { parameters: {}, slots: [fullDumpName, ...(config.wikis.get(wiki)?.slots ?? [])] };
}

/** For people: `0 2 1,20 * * (UTC)`, `again and again, at rest for 24 h (UTC)`, `by hand`. */
export function scheduleText(schedule: FarmConfig['jobs']['fullDump']['schedule']): string {
  switch (schedule.kind) {
    case 'cron':
      return `${schedule.expression} (${schedule.zone})`;
    case 'continuous':
      return `again and again, at rest for ${schedule.coolDownMs / 3_600_000} h (${schedule.zone})`;
    case 'manual':
      return 'by hand';
  }
}
