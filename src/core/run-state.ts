/** The states of a run and of a stage (design: run control, §1); one list for store, command line and web. */
export const runStates = [
  'waiting',
  'running',
  'paused',
  'retrying',
  'held',
  'done',
  'done-with-errors',
  'failed',
  'stopped',
  'cancelled',
  'skipped',
] as const;

export type RunState = (typeof runStates)[number];
export type StageState = RunState;

/** States that a worker may take up by itself; `running` is among them because its lease may have expired. */
export const openStates = [
  'waiting',
  'running',
  'retrying',
  'stopped',
] as const satisfies readonly RunState[];

/** It may still go on, by itself or when someone lets it: it can be cancelled, and may yet publish. */
export const unfinishedStates = [
  'waiting',
  'running',
  'paused',
  'retrying',
  'held',
  'stopped',
] as const satisfies readonly RunState[];

/** The work is complete: what needs this run or stage may go on. */
export const finishedStates = ['done', 'done-with-errors'] as const satisfies readonly RunState[];

/** Nothing more happens to the run by itself. */
export const endedStates = [
  'done',
  'done-with-errors',
  'failed',
  'cancelled',
  'skipped',
] as const satisfies readonly RunState[];

/** Nobody works on it, and nothing of it will be published unless someone takes it up again. */
export const givenUpStates = ['stopped', 'failed', 'cancelled'] as const satisfies readonly RunState[];

export function isRunState(text: string): text is RunState {
  return (runStates as readonly string[]).includes(text);
}

export function isOpen(state: RunState): boolean {
  return (openStates as readonly RunState[]).includes(state);
}

export function isFinished(state: RunState): boolean {
  return (finishedStates as readonly RunState[]).includes(state);
}

export function isEnded(state: RunState): boolean {
  return (endedStates as readonly RunState[]).includes(state);
}

export function isGivenUp(state: RunState): boolean {
  return (givenUpStates as readonly RunState[]).includes(state);
}
