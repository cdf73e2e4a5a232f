import type { ScheduleConfig } from '../schedule-config.ts';

/** The keys of `scheduleShape` with defaults in place. */
export interface ParsedSchedule {
  readonly schedule: 'continuous' | 'off' | { readonly cron: string };
  readonly zone: string;
  readonly coolDown: number;
  readonly catchUp: { readonly policy: 'all' | 'latest' | 'none'; readonly within: number };
}

/** When a job is due, as its keys in rota.yaml say. */
export function resolveSchedule(job: ParsedSchedule): ScheduleConfig {
  const catchUp = { policy: job.catchUp.policy, withinMs: job.catchUp.within };
  const { schedule, zone } = job;
  if (schedule === 'off') return { schedule: { kind: 'manual', zone }, catchUp };
  if (schedule === 'continuous') {
    return { schedule: { kind: 'continuous', coolDownMs: job.coolDown, zone }, catchUp };
  }
  return { schedule: { kind: 'cron', expression: schedule.cron, zone }, catchUp };
}
