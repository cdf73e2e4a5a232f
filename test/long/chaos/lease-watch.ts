import { hostname } from 'node:os';
import type { RunStore } from '../../../src/control/store/run-store.ts';
import { systemClock as clock } from '../../../src/core/clock.ts';
import { isRotaError } from '../../../src/core/errors/rota-error.ts';
import { parseRunId, type RunId } from '../../../src/core/ids.ts';

const lookEveryMs = 300;

/**
 * Looks all the time for leases that are alive though the process that holds them is dead, and keeps for how long each
 * was seen so.
 */
export class LeaseWatch implements AsyncDisposable {
  /** The longest that a dead process was seen to hold a lease. */
  longestMs = 0;
  readonly #store: RunStore;
  readonly #deadSince = new Map<string, number>();
  readonly #closed = new AbortController();
  readonly #watching: Promise<void>;
  #runs: readonly RunId[] = [];

  constructor(store: RunStore) {
    this.#store = store;
    this.#watching = this.#watch();
  }

  set runs(runs: readonly RunId[]) {
    this.#runs = runs;
  }

  /** Leases began anew, as they do with a new leader: what was seen before counts no more. */
  restart(): void {
    this.#deadSince.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      for (const run of this.#runs) {
        const { job, subject } = parseRunId(run);
        for (const key of [`run/${run}`, `subject/${job}/${subject}`]) await this.#look(key);
      }
      await clock.sleep(lookEveryMs, signal).catch(() => {});
    }
  }

  async #look(key: string): Promise<void> {
    try {
      // Of what was alive when it was asked; where this process had to wait for the answer, it may have ended since.
      const askedMs = clock.monotonicMs();
      const lease = await this.#store.readLease({ key });
      const mark = `${key} ${lease?.token}`;
      const isHeldByDead = lease?.alive && lease.holder.host === hostname() && !lives(lease.holder.pid);
      if (!isHeldByDead) this.#deadSince.delete(mark);
      else {
        const sinceMs = this.#deadSince.get(mark);
        if (sinceMs === undefined) this.#deadSince.set(mark, clock.monotonicMs());
        else this.longestMs = Math.max(this.longestMs, askedMs - sinceMs);
      }
    } catch (error) {
      if (!isRotaError(error, 'STORE_UNAVAILABLE', 'STORE_BUSY')) throw error;
      // Nobody's lease can end meanwhile.
      this.restart();
    }
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
