import type { RunView } from '../control/store/run-view.ts';
import { isEnded, isFinished } from '../core/run-state.ts';
import type { Role } from '../operations/access/roles.ts';
import { type RunChange, runChanges } from '../operations/runs/change-run.ts';

export interface Action {
  readonly change: RunChange;
  readonly label: string;
  /** Who may do it: publishing what was held takes more than operating. */
  readonly role: Role;
}

export function isRunChange(text: string): text is RunChange {
  return (runChanges as readonly string[]).includes(text);
}

export function roleFor(change: RunChange): Role {
  return change === 'approve' || change === 'reject' ? 'approve' : 'operate';
}

/** What makes sense for a run as it is; the store has the last word. */
export function actionsOf(run: RunView): readonly Action[] {
  const { state } = run;
  const can: readonly (readonly [RunChange, string, boolean])[] = [
    ['resume', 'Resume', ['paused', 'stopped', 'cancelled', 'failed', 'retrying'].includes(state)],
    ['retry', 'Retry', state === 'failed' || state === 'retrying'],
    ['approve', 'Approve', state === 'held'],
    ['reject', 'Reject', state === 'held'],
    ['hold', 'Hold', !isEnded(state) && state !== 'held'],
    ['pause', 'Pause', ['waiting', 'running', 'retrying', 'stopped'].includes(state)],
    ['cancel', 'Cancel', !isEnded(state) && !isFinished(state)],
  ];
  return can.flatMap(([change, label, is]) => (is ? [{ change, label, role: roleFor(change) }] : []));
}
