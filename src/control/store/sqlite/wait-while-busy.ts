import type { Clock } from '../../../core/clock.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';

/** A process that was stopped in the middle of a transaction locks the store for as long as it stands still. */
const patienceMs = 30_000;
const againMs = 100;

/**
 * Does an action on the store, again and again while others have it locked. SQLite itself waits without letting
 * anything else in this process happen, so it may do so only briefly: the watch over our leases must go on.
 */
export async function waitWhileBusy<T>(clock: Clock, action: () => T): Promise<T> {
  const startMs = clock.monotonicMs();
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!isRotaError(error, 'STORE_BUSY') || clock.monotonicMs() - startMs >= patienceMs) throw error;
      await clock.sleep(againMs);
    }
  }
}
