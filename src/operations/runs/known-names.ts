import type { FarmConfig } from '../../config/farm-config.ts';
import type { AnyJob } from '../../jobs/definition/job-definition.ts';

/** What an operator may name. */
export interface KnownNames {
  readonly jobs: readonly string[];
  /** Wikis and whatever else jobs run on, each with the command line that begins a run of the first such job. */
  readonly subjects: ReadonlyMap<string, string>;
}

export function knownNames(config: FarmConfig, jobs: readonly AnyJob[]): KnownNames {
  const subjects = new Map<string, string>();
  for (const job of jobs) {
    for (const subject of job.subjects(config)) {
      if (!subjects.has(subject)) subjects.set(subject, job.startCommand(subject));
    }
  }
  return { jobs: jobs.map((job) => job.name), subjects };
}
