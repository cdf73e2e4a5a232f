import type { Clock } from './clock.ts';

interface Sleeper {
  readonly wakeMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is moved: for tests of schedules, leases and back-off. */
export class ManualClock implements Clock {
  #nowMs: number;
  #monotonicMs = 1_000;
  #sleepers: Sleeper[] = [];

  constructor(start: Date | string = '2026-01-01T00:00:00Z') {
    this.#nowMs = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const sleeper: Sleeper = { wakeMs: this.#monotonicMs + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener(
        'abort',
        () => {
          this.#sleepers = this.#sleepers.filter((s) => s !== sleeper);
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }

  /** Lets time pass on both clocks and wakes whoever slept until then. */
  async advance(ms: number): Promise<void> {
    this.#nowMs += ms;
    this.#monotonicMs += ms;
    const due = this.#sleepers.filter((s) => s.wakeMs <= this.#monotonicMs);
    this.#sleepers = this.#sleepers.filter((s) => s.wakeMs > this.#monotonicMs);
    for (const sleeper of due) sleeper.wake();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Moves only the time of day, as an operator or a time server does. */
  setTimeOfDay(time: Date | string): void {
    this.#nowMs = new Date(time).getTime();
  }
}
