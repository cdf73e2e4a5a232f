import type { FarmConfig } from '../config/farm-config.ts';
import type { ScheduleConfig } from '../config/schedule-config.ts';
import type { Schedule } from '../control/schedule/schedule.ts';
import type { AnyJob } from '../jobs/definition/job-definition.ts';

/** When the farm's jobs are due; a job that only people start has none. */
export function schedulesOf(config: FarmConfig, jobs: readonly AnyJob[]): readonly Schedule[] {
  return jobs.flatMap((job) => scheduleOf(config, job) ?? []);
}

/** Undefined for a job that only people start. */
export function scheduleOf(config: FarmConfig, job: AnyJob): Schedule | undefined {
  const settings = job.settings(config);
  if (settings === null || settings.schedule.kind === 'manual') return undefined;
  const { schedule, catchUp, dated } = settings;
  return {
    job: job.name,
    subjects: job.subjects(config),
    when:
      schedule.kind === 'cron'
        ? { kind: 'cron', expression: schedule.expression, zone: schedule.zone }
        : { kind: 'continuous', cooldownMs: schedule.coolDownMs, zone: schedule.zone },
    catchUp,
    ...(dated === undefined ? {} : { dated }),
    plan: (due) => job.plan(config, due),
  };
}

/** For people: `0 2 1,20 * * (UTC)`, `again and again, at rest for 24 h (UTC)`, `by hand`. */
export function scheduleText(schedule: ScheduleConfig['schedule']): string {
  switch (schedule.kind) {
    case 'cron':
      return `${schedule.expression} (${schedule.zone})`;
    case 'continuous':
      return `again and again, at rest for ${schedule.coolDownMs / 3_600_000} h (${schedule.zone})`;
    case 'manual':
      return 'by hand';
  }
}
