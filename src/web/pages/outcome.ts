import type { RunView } from '../../control/store/run-view.ts';
import { catalogue } from '../../core/errors/catalogue.ts';
import { isRunChange } from '../actions.ts';

/** What became of an action, from the address that it led to: words of ours only, whatever stands there. */
export function wordsForOutcome(said: string | undefined, run: RunView): string | undefined {
  if (said === undefined) return undefined;
  if (isRunChange(said)) {
    return run.request === undefined ? `Done: ${said}.` : `Its worker is asked to ${run.request}.`;
  }
  const entry = Object.entries(catalogue).find(([code]) => code === said);
  return entry === undefined ? undefined : `Not done: ${entry[0]}. ${entry[1].meaning}`;
}
