import type { RunState } from '../../core/run-state.ts';
import type { Request } from './run-view.ts';

/** Endings that what was asked for takes the place of: the run would go on, rest or wait for a decision instead. */
const outweighed: Readonly<Record<Request, readonly RunState[]>> = {
  pause: ['waiting', 'retrying', 'stopped'],
  hold: ['waiting', 'retrying', 'stopped', 'paused', 'held'],
  cancel: ['waiting', 'retrying', 'stopped', 'paused', 'held'],
};

/** Whether a run becomes what was asked of it, and not what its worker says. */
export function isOutweighed(request: Request | null | undefined, ending: RunState): boolean {
  return request != null && outweighed[request].includes(ending);
}
