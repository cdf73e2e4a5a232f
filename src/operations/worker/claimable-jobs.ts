import type { FarmConfig } from '../../config/farm-config.ts';
import type { JobName } from '../../core/ids.ts';
import type { AnyJob } from '../../jobs/definition/job-definition.ts';

/** The jobs whose runs a worker takes, and how many of each at once: a long dump never takes another job's room. */
export function claimableJobs(
  config: FarmConfig,
  jobs: readonly AnyJob[],
  slots: number | undefined,
): ReadonlyMap<JobName, number> {
  return new Map(
    jobs.flatMap((job): [JobName, number][] => {
      const settings = job.settings(config);
      if (settings === null || job.claimedBy !== 'workers') return [];
      return [[job.name, slots ?? settings.slots]];
    }),
  );
}
