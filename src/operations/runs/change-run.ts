import { access } from 'node:fs/promises';
import type { OpenFarm } from '../../composition.ts';
import { refuseDecision, refuseRequest, refuseResume } from '../../control/store/refuse-change.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { RunDetails, RunView } from '../../control/store/run-view.ts';
import type { Clock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { isFinished } from '../../core/run-state.ts';

export const runChanges = ['resume', 'retry', 'pause', 'hold', 'cancel', 'approve', 'reject'] as const;
export type RunChange = (typeof runChanges)[number];

export interface RunChangeRequest {
  readonly change: RunChange;
  readonly run: RunDetails;
  readonly by: string;
  /** With `retry`: a new epoch, in which nothing is finished. */
  readonly anew?: boolean;
  /** With `approve` and `reject`: only these. */
  readonly sets?: readonly string[];
  /** With `hold`: why. */
  readonly reason?: string;
  /** With `hold`: it fails if nobody decides for so long. */
  readonly heldForMs?: number;
}

export interface ChangeTools {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly workspaceOf: OpenFarm['workspaceOf'];
}

/** Does what an operator asks of one run; what the store refuses is RUN_STATE, RUN_BUSY. */
export async function changeRun(p: ChangeTools, request: RunChangeRequest): Promise<RunView> {
  const { store } = p;
  const { run, by, change, sets } = request;
  const { id } = run;
  switch (change) {
    case 'pause':
    case 'cancel':
      return await store.requestRun({ id, request: change, by });
    case 'hold': {
      const { reason, heldForMs } = request;
      return await store.requestRun({
        id,
        request: change,
        by,
        ...(reason === undefined ? {} : { reason }),
        ...(heldForMs === undefined ? {} : { heldUntil: new Date(p.clock.now().getTime() + heldForMs) }),
      });
    }
    case 'approve':
    case 'reject':
      checkSets(run, sets);
      return await store.decideHeld({
        id,
        decision: change === 'approve' ? 'approved' : 'rejected',
        by,
        ...(sets === undefined ? {} : { sets }),
      });
    case 'retry':
      if (request.anew) {
        refuseFinished(run);
        return await store.restartRun({ id, by });
      }
      refuseNoRetry(run);
      return await goOn(p, run, by);
    case 'resume':
      return await goOn(p, run, by);
  }
}

/**
 * Whether the change would be made, without making it (`--dry-run`).
 * @throws RotaError RUN_STATE, RUN_BUSY, USAGE: what changeRun would say
 */
export function checkChange({ change, run, anew, sets }: Omit<RunChangeRequest, 'by'>): void {
  switch (change) {
    case 'pause':
    case 'cancel':
    case 'hold':
      refuseRequest(run, change);
      break;
    case 'approve':
    case 'reject':
      checkSets(run, sets);
      refuseDecision(run);
      break;
    case 'retry':
      if (anew) refuseFinished(run);
      else refuseNoRetry(run);
      if (anew && run.state === 'running') {
        throw new RotaError('RUN_BUSY', `${run.id} is being worked on: cancel it or wait for it`);
      }
      break;
    case 'resume':
      refuseResume(run);
  }
}

/** Where the workspace is gone, finished stages have nothing left to show: everything begins anew. */
async function goOn(p: ChangeTools, run: RunDetails, by: string): Promise<RunView> {
  const { id } = run;
  const hasDone = run.stages.some((stage) => isFinished(stage.state));
  if (hasDone && !isFinished(run.state) && run.lease?.alive !== true && !(await exists(p.workspaceOf(run)))) {
    return await p.store.restartRun({ id, by });
  }
  return await p.store.resumeRun({ id, by });
}

function refuseNoRetry({ id, state }: RunDetails): void {
  if (['failed', 'stopped', 'retrying', 'cancelled'].includes(state)) return;
  throw new RotaError('RUN_STATE', `${id} is ${state}, so there is nothing to try again`);
}

function refuseFinished(run: RunDetails): void {
  if (!isFinished(run.state)) return;
  throw new RotaError(
    'RUN_STATE',
    `${run.id} is ${run.state}: its files are published and never change; dump another date, or use rota dump --force --replace`,
  );
}

function checkSets(run: RunDetails, sets: readonly string[] | undefined): void {
  if (sets?.length === 0) throw new RotaError('USAGE', '--set names no set; without it all are meant');
  const held = run.sets.filter((set) => set.state === 'held').map((set) => set.set);
  const wrong = (sets ?? []).find((set) => !held.includes(set));
  if (wrong === undefined) return;
  const what = held.length === 0 ? 'nothing of it is' : `held: ${held.join(', ')}`;
  throw new RotaError('USAGE', `${run.id} has no held set ${JSON.stringify(wrong)}; ${what}`);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
