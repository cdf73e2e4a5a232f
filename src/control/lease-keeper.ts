import type { Clock } from '../core/clock.ts';
import { isRotaError, RotaError } from '../core/errors/rota-error.ts';
import type { Log } from '../core/log.ts';

export interface LeaseKeeperOptions {
  /** For messages: `run/full-dump/frwiki/20261122`. */
  readonly what: string;
  readonly renew: () => Promise<void>;
  readonly leaseMs: number;
  /** A third of the lease when left out. */
  readonly renewEveryMs?: number;
  /** When the request was sent that granted the lease, on the monotonic clock. */
  readonly grantedMonoMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Renews a lease until it is closed. It counts from the *sending* of its last successful renewal, because the store may
 * have counted from then, and gives the lease up at two thirds of its length: before anyone else can take it.
 */
export class LeaseKeeper implements AsyncDisposable {
  readonly #options: LeaseKeeperOptions;
  readonly #lost = new AbortController();
  readonly #closed = new AbortController();
  readonly #loops: Promise<unknown>;
  #sentMonoMs: number;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#sentMonoMs = options.grantedMonoMs;
    this.#loops = Promise.allSettled([this.#renewAgain(), this.#watch()]);
  }

  /** Aborts with LEASE_LOST. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Throws LEASE_LOST when the lease is lost or too old to be trusted. */
  assertTrusted(): void {
    if (this.#leftMs() <= 0) this.#lose(this.#tooOld());
    this.#lost.signal.throwIfAborted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#loops;
  }

  async #renewAgain(): Promise<void> {
    const { clock, leaseMs, log, what } = this.#options;
    const everyMs = this.#options.renewEveryMs ?? leaseMs / 3;
    let waitMs = everyMs;
    while (!this.#closed.signal.aborted && !this.#lost.signal.aborted) {
      await clock.sleep(waitMs, this.#closed.signal);
      if (this.#leftMs() <= 0) return this.#lose(this.#tooOld());
      const sentMonoMs = clock.monotonicMs();
      try {
        await this.#options.renew();
        this.#sentMonoMs = sentMonoMs;
        waitMs = everyMs;
      } catch (error) {
        if (isRotaError(error, 'LEASE_LOST')) return this.#lose(error);
        log.warn({ err: error, lease: what }, 'the lease could not be renewed; trying again');
        waitMs = everyMs / 10;
      }
    }
  }

  /** Beside the renewals, because one of them may hang. */
  async #watch(): Promise<void> {
    while (!this.#closed.signal.aborted && !this.#lost.signal.aborted) {
      await this.#options.clock.sleep(Math.max(1, this.#leftMs()), this.#closed.signal);
      if (this.#leftMs() <= 0) this.#lose(this.#tooOld());
    }
  }

  #leftMs(): number {
    return this.#sentMonoMs + (this.#options.leaseMs * 2) / 3 - this.#options.clock.monotonicMs();
  }

  #tooOld(): RotaError {
    return new RotaError(
      'LEASE_LOST',
      `The lease on ${this.#options.what} was not renewed for two thirds of its ${this.#options.leaseMs / 1000} s: stopping before another takes it`,
      { facts: { lease: this.#options.what } },
    );
  }

  #lose(error: RotaError): void {
    if (!this.#closed.signal.aborted && !this.#lost.signal.aborted) this.#lost.abort(error);
  }
}
