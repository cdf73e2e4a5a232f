import type { FarmConfig } from '../config/farm-config.ts';
import type { ClaimRules } from '../control/store/run-store.ts';
import type { AnyJob } from '../jobs/definition/job-definition.ts';

/** What limits claims, as the configuration says now. */
export function claimRules(config: FarmConfig, jobs: readonly AnyJob[]): ClaimRules {
  const limits = jobs.flatMap((job): [string, number][] => {
    const within = job.settings(config)?.resumeWithinMs;
    return within === undefined ? [] : [[job.name, within]];
  });
  return { slotLimits: Object.fromEntries(config.slots), resumeWithinMs: Object.fromEntries(limits) };
}
