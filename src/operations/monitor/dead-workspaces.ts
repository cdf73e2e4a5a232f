import type { RunDetails } from '../../control/store/run-view.ts';
import { parseRunId, type RunId } from '../../core/ids.ts';
import type { AnyJob } from '../../jobs/definition/job-definition.ts';
import type { JobMonitoring, Sweep } from '../../jobs/definition/job-monitoring.ts';
import { removeDeadWorkspaces } from '../../publish/workspace/remove-dead-workspaces.ts';

/** Without a word of its job, the work of a run that ended badly is kept this long. */
const keepGivenUpMs = 14 * 24 * 3_600_000;

export interface MonitoredJob {
  readonly job: AnyJob;
  readonly monitoring: JobMonitoring;
}

/** Removes the private folders of runs that nobody can take up any more; gives their names. */
export async function clearWorkspaces(
  sweep: Sweep,
  monitored: readonly MonitoredJob[],
): Promise<readonly string[]> {
  const { trees, clock, log } = sweep;
  const removed: string[] = [];
  for (const tree of [trees.public, trees.private]) {
    const isNeeded = (run: RunId, epoch: number) => isWorkspaceNeeded(sweep, monitored, run, epoch);
    removed.push(...(await removeDeadWorkspaces(tree, { clock, isNeeded })));
  }
  if (removed.length > 0) log.info({ removed }, 'dead workspaces were removed');
  return removed;
}

/** Whether the work of an epoch may still be of use. */
export async function isWorkspaceNeeded(
  sweep: Pick<Sweep, 'store' | 'config' | 'clock' | 'trees'>,
  monitored: readonly MonitoredJob[],
  id: RunId,
  epoch: number,
): Promise<boolean> {
  const run = await sweep.store.readRun({ id });
  if (run === undefined) return false;
  const known = monitored.find(({ job }) => job.name === parseRunId(id).job);
  const own = known?.monitoring.isWorkspaceNeeded;
  if (own !== undefined) return await own(sweep, run, epoch);
  return isUsualNeed(sweep, run, epoch, known?.job.settings(sweep.config)?.resumeWithinMs ?? keepGivenUpMs);
}

function isUsualNeed(
  { clock }: Pick<Sweep, 'clock'>,
  run: RunDetails,
  epoch: number,
  resumeWithinMs: number,
): boolean {
  if (run.epoch !== epoch) return false;
  switch (run.state) {
    case 'done':
    case 'done-with-errors':
    case 'skipped':
      return false;
    case 'failed':
    case 'cancelled':
      return clock.now().getTime() - run.updatedAt.getTime() < resumeWithinMs;
    default:
      return true;
  }
}
