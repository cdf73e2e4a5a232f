import type { TaskRef } from '../tasks.ts';

/** What a task is from the end of a day on (a day's index in the model). */
export interface TaskState {
  readonly from: number;
  readonly state: 'open' | 'resolved';
  /** Null: not in the scope. */
  readonly category: string | null;
  readonly points: number | null;
  readonly column: string;
}

/** A task's whole life in an example: its states, the oldest first. */
export interface TaskLife extends Omit<TaskRef, 'category' | 'points'> {
  readonly work: 'new' | 'maintenance' | null;
  readonly states: readonly TaskState[];
}

/** The state at the end of a day, or null before the task was there. */
export function stateOn(task: TaskLife, day: number): TaskState | null {
  let found: TaskState | null = null;
  for (const state of task.states) {
    if (state.from > day) break;
    found = state;
  }
  return found;
}

/** Only while it is in the scope. */
export function inScope(state: TaskState | null): state is TaskState & { readonly category: string } {
  return state !== null && state.category !== null;
}
