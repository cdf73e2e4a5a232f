import type { Clock } from '../core/clock.ts';
import type { RotaError } from '../core/errors/rota-error.ts';

/**
 * How a run is stopped from outside. Softly: `stopping` aborts, the work in hand may come to an end, and only then
 * `signal` aborts. Hard: both at once. The first reason stays.
 */
export class Interruption implements Disposable {
  readonly #stopping = new AbortController();
  readonly #hard = new AbortController();
  readonly #closed = new AbortController();
  readonly #clock: Clock;
  readonly #drainMs: number;

  constructor(clock: Clock, drainMs: number) {
    this.#clock = clock;
    this.#drainMs = drainMs;
  }

  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  get signal(): AbortSignal {
    return this.#hard.signal;
  }

  /** Why, or undefined when nothing interrupts. */
  get reason(): RotaError | undefined {
    if (this.#hard.signal.aborted) return this.#hard.signal.reason;
    return this.#stopping.signal.aborted ? this.#stopping.signal.reason : undefined;
  }

  soft(reason: RotaError): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort(reason);
    this.#clock.sleep(this.#drainMs, this.#closed.signal).then(
      () => this.#hard.abort(reason),
      () => {},
    );
  }

  hard(reason: RotaError): void {
    this.#stopping.abort(reason);
    this.#hard.abort(reason);
  }

  [Symbol.dispose](): void {
    this.#closed.abort();
  }
}
