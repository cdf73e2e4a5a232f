import { RotaError } from '../../core/errors/rota-error.ts';
import { isEnded, isFinished, type RunState } from '../../core/run-state.ts';
import type { Request } from './run-view.ts';

/** What of a run decides whether it can be changed; `request` is what its worker was asked for already. */
export interface ChangeableRun {
  readonly id: string;
  readonly state: RunState;
  readonly request?: Request | null | undefined;
}

const resumable: readonly RunState[] = ['waiting', 'paused', 'retrying', 'failed', 'stopped', 'cancelled'];

/** @throws RotaError RUN_STATE when the run cannot be paused, held or cancelled any more */
export function refuseRequest({ id, state }: ChangeableRun, request: Request): void {
  const isOver = isEnded(state) && (state !== 'failed' || request !== 'cancel');
  if (!isOver && (state !== 'held' || request === 'cancel')) return;
  throw refusal(id, state, `The run ${id} is already ${state}: there is nothing to ${request}`);
}

/** Whether resuming only takes back what the worker of a running run was asked for. */
export function takesBackRequest({ state, request }: ChangeableRun): boolean {
  return state === 'running' && (request === 'pause' || request === 'hold');
}

/** @throws RotaError RUN_STATE when the run cannot be resumed */
export function refuseResume(run: ChangeableRun): void {
  const { id, state } = run;
  if (takesBackRequest(run) || resumable.includes(state)) return;
  throw refusal(id, state, `The run ${id} is ${state} and cannot be resumed: ${remedy(run)}`);
}

/** @throws RotaError RUN_STATE unless the run is held */
export function refuseDecision({ id, state }: ChangeableRun): void {
  if (state === 'held') return;
  throw refusal(id, state, `The run ${id} is ${state}, not held: there is nothing to decide`);
}

function refusal(id: string, state: RunState, message: string): RotaError {
  return new RotaError('RUN_STATE', message, { facts: { run: id, state } });
}

function remedy({ id, state, request }: ChangeableRun): string {
  if (state === 'held') return 'approve or reject it';
  if (request === 'cancel') return 'it is being cancelled; when it is, resume it';
  if (state === 'running') return 'it goes on already';
  return isFinished(state) ? 'nothing of it is left to do' : `\`rota run retry ${id} --anew\` begins it anew`;
}
