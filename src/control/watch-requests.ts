import type { Clock } from '../core/clock.ts';
import { isRotaError, RotaError } from '../core/errors/rota-error.ts';
import type { RunId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { Interruption } from './interruption.ts';
import type { RunRequest, RunStore } from './store/run-store.ts';

/** Looks every few seconds whether somebody wants the run paused or cancelled. */
export function watchRequests(p: {
  readonly store: RunStore;
  readonly run: RunId;
  readonly clock: Clock;
  readonly log: Log;
  readonly interruption: Interruption;
  readonly everyMs: number;
}): Disposable {
  const closed = new AbortController();
  const watch = async () => {
    while (!closed.signal.aborted) {
      try {
        const request = await p.store.readRequest({ id: p.run });
        if (request !== undefined && !closed.signal.aborted) heed(p.interruption, p.run, request);
      } catch (error) {
        if (isRotaError(error, 'RUN_UNKNOWN')) return;
        p.log.warn({ err: error, run: p.run }, 'cannot look for requests; trying again');
      }
      await p.clock.sleep(p.everyMs, closed.signal).catch(() => {});
    }
  };
  watch();
  return { [Symbol.dispose]: () => closed.abort() };
}

function heed(interruption: Interruption, run: RunId, request: RunRequest): void {
  if (request.request === 'cancel') {
    interruption.hard(new RotaError('RUN_CANCELLED', `${run} was cancelled`, { facts: { run } }));
  } else if (request.request === 'hold') {
    const { reason = 'held', heldUntil } = request;
    interruption.soft(
      new RotaError('RUN_HELD', `${run} was ${reason}`, { facts: { run, reason, heldUntil } }),
    );
  } else {
    const what = request.scope === 'maintenance' ? 'maintenance mode is on' : `${request.scope} was paused`;
    interruption.soft(
      new RotaError('RUN_PAUSED', `${run} was paused: ${what}`, { facts: { run, scope: request.scope } }),
    );
  }
}
