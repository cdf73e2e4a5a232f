import type { RunView } from '../../control/store/run-view.ts';
import type { FarmStatus } from '../../operations/status/farm-status.ts';

/** Answers as they go over the wire: no lease tokens, no parameters (they may hold paths of the hosts). */
export function statusAnswer(status: FarmStatus): object {
  const { name, at, subjects, counts, pauses } = status;
  return { name, at, counts: Object.fromEntries(counts), pauses, subjects };
}

export function runAnswer<T extends RunView>(run: T): Omit<T, 'lease' | 'parameters' | 'slots' | 'needs'> {
  const { lease: _lease, parameters: _parameters, slots: _slots, needs: _needs, ...rest } = run;
  return rest;
}
