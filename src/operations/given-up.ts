import type { RunState } from '../core/run-state.ts';

/** States in which nobody works on a run and nothing of it will be published unless someone takes it up again. */
export const givenUpStates = ['stopped', 'failed', 'cancelled'] as const satisfies readonly RunState[];

export function isGivenUp(state: RunState): boolean {
  return (givenUpStates as readonly RunState[]).includes(state);
}
