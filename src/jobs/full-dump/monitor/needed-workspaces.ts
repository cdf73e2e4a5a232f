import { access } from 'node:fs/promises';
import type { RunDetails } from '../../../control/store/run-view.ts';
import { isFinished } from '../../../core/run-state.ts';
import { decodePublishedSet } from '../../../publish/publication/pointers.ts';
import type { Sweep } from '../../definition/job-monitoring.ts';
import { readParameters } from '../parameters.ts';

/** Whether the work of an epoch may still be of use. */
export async function isWorkspaceNeeded(
  sweep: Pick<Sweep, 'store' | 'config' | 'clock' | 'trees'>,
  run: RunDetails,
  epoch: number,
): Promise<boolean> {
  const { config, clock } = sweep;
  if (run.epoch !== epoch)
    return !isFinished(run.state) && readParameters(run.parameters).spoolOfEpoch === epoch;
  switch (run.state) {
    case 'done':
    case 'done-with-errors':
      return !(await isPublished(sweep, run));
    case 'skipped':
      return false;
    case 'failed':
    case 'cancelled': {
      // As long as it may be taken up again, what is finished must not be done again.
      const settings = config.wikis.get(run.subject)?.fullDump ?? config.jobs.fullDump.settings;
      return clock.now().getTime() - run.updatedAt.getTime() < settings.resumeWithinMs;
    }
    default:
      return true;
  }
}

/** False while a file that a pointer names is not yet in its tree. */
async function isPublished(
  sweep: Pick<Sweep, 'store' | 'trees'>,
  run: { readonly job: string; readonly subject: string; readonly date: string },
): Promise<boolean> {
  const prefix = `publication/${run.job}/${run.subject}/${run.date}/`;
  for (const { key, value } of await sweep.store.listPointers({ prefix })) {
    if (typeof value !== 'string') continue;
    for (const file of decodePublishedSet(key, value).files) {
      const path = sweep.trees[file.audience].file(run.subject, run.date, file.name);
      const isThere = await access(path).then(
        () => true,
        () => false,
      );
      if (!isThere) return false;
    }
  }
  return true;
}
