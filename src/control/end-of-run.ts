import type { Clock } from '../core/clock.ts';
import type { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { RunState } from '../core/run-state.ts';
import { defaultRunBackoffMs, defaultRunTries, runBackoffMs } from './back-off.ts';
import { toFailure } from './classify-error.ts';
import type { StageResult } from './run-stage.ts';
import type { Job } from './stage.ts';
import type { RunEnding } from './store/run-store.ts';
import type { PauseScope, RunView } from './store/run-view.ts';

/** How a run ends that nobody interrupted. */
export function endingOf<S>(
  run: Pick<RunView, 'tries'>,
  job: Pick<Job<S>, 'tries' | 'backoffMs' | 'heldForMs'>,
  results: readonly StageResult[],
  clock: Clock,
): RunEnding {
  const nowMs = clock.now().getTime();
  const failed = results.find((result) => result.state === 'failed');
  if (failed?.state === 'failed') {
    const { error } = failed;
    const failedTries = run.tries + 1;
    if (!error.retryable || failedTries >= (job.tries ?? defaultRunTries)) {
      return { state: 'failed', error: toFailure(error) };
    }
    const delayMs = runBackoffMs(failedTries, job.backoffMs ?? defaultRunBackoffMs);
    return { state: 'retrying', error: toFailure(error), retryAt: new Date(nowMs + delayMs) };
  }
  const held = results.find((result) => result.state === 'held');
  if (held !== undefined) {
    return {
      state: 'held',
      reason: reasonOf(held) ?? 'held for approval',
      ...(job.heldForMs === undefined ? {} : { heldUntil: new Date(nowMs + job.heldForMs) }),
    };
  }
  const erroneous = results.find((result) => result.state === 'done-with-errors');
  if (erroneous !== undefined) {
    const reason = reasonOf(erroneous);
    return { state: 'done-with-errors', ...(reason === undefined ? {} : { reason }) };
  }
  if (results.length > 0 && results.every((result) => result.state === 'skipped')) {
    const [first] = results;
    return { state: 'skipped', reason: (first && reasonOf(first)) ?? 'nothing to do' };
  }
  return { state: 'done' };
}

/** How a run ends that was stopped from outside; undefined when it is no longer ours to end. */
export function interruptedEnding(error: RotaError): RunEnding | undefined {
  switch (error.code) {
    case 'LEASE_LOST':
      return undefined;
    case 'RUN_PAUSED':
      return { state: 'paused', reason: error.message, pausedBy: error.facts.scope as PauseScope };
    case 'RUN_HELD':
      // What the store was asked to hold, it holds; its own words count.
      return { state: 'held', reason: error.message };
    case 'RUN_CANCELLED':
      return { state: 'cancelled', reason: error.message };
    default:
      return { state: 'waiting', reason: error.message };
  }
}

/** Held counts as failed: nobody who reads an exit status may take it for done. */
export function exitOf(state: RunState, error: RotaError | undefined): ExitStatus {
  if (state === 'done') return exitStatus.done;
  if (state === 'done-with-errors') return exitStatus.doneWithErrors;
  if (state === 'skipped') return exitStatus.nothingToDo;
  const exit = error?.exit ?? exitStatus.failed;
  return exit === exitStatus.done ? exitStatus.failed : exit;
}

function reasonOf(result: StageResult): string | undefined {
  return 'reason' in result ? result.reason : undefined;
}
