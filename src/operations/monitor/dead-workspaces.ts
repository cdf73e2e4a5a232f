import { access } from 'node:fs/promises';
import type { RunId } from '../../core/ids.ts';
import { isFinished } from '../../core/run-state.ts';
import { readParameters } from '../../jobs/full-dump/parameters.ts';
import { decodePublishedSet } from '../../publish/publication/pointers.ts';
import { removeDeadWorkspaces } from '../../publish/workspace/remove-dead-workspaces.ts';
import type { Sweep } from './sweep.ts';

/** Removes the private folders of runs that nobody can take up any more; gives their names. */
export async function clearWorkspaces(sweep: Sweep): Promise<readonly string[]> {
  const { trees, clock, log } = sweep;
  const removed: string[] = [];
  for (const tree of [trees.public, trees.private]) {
    const rule = { clock, isNeeded: (run: RunId, epoch: number) => isNeeded(sweep, run, epoch) };
    removed.push(...(await removeDeadWorkspaces(tree, rule)));
  }
  if (removed.length > 0) log.info({ removed }, 'dead workspaces were removed');
  return removed;
}

/** Whether the work of an epoch may still be of use. */
export async function isNeeded(
  sweep: Pick<Sweep, 'store' | 'config' | 'clock' | 'trees'>,
  id: RunId,
  epoch: number,
): Promise<boolean> {
  const { store, config, clock } = sweep;
  const run = await store.readRun({ id });
  if (run === undefined) return false;
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
