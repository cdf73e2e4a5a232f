import type { Clock } from '../../core/clock.ts';

export interface AttemptLimit {
  readonly count: number;
  readonly withinMs: number;
}

/** More addresses than this are not remembered: the oldest are forgotten. */
const largestMemory = 10_000;

/** Counts what an address did within a time (a sliding window): wrong tokens, actions. */
export class Attempts {
  readonly #clock: Clock;
  readonly #limit: AttemptLimit;
  readonly #times = new Map<string, number[]>();

  constructor(clock: Clock, limit: AttemptLimit) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Milliseconds until the address may try again; 0 when it may now. */
  waitMs(address: string): number {
    const times = this.#recent(address);
    const [oldest] = times;
    if (oldest === undefined || times.length < this.#limit.count) return 0;
    return Math.max(1, oldest + this.#limit.withinMs - this.#clock.monotonicMs());
  }

  note(address: string): void {
    const times = [...this.#recent(address), this.#clock.monotonicMs()].slice(-this.#limit.count);
    this.#times.delete(address);
    this.#times.set(address, times);
    if (this.#times.size <= largestMemory) return;
    const [first] = this.#times.keys();
    if (first !== undefined) this.#times.delete(first);
  }

  #recent(address: string): number[] {
    const since = this.#clock.monotonicMs() - this.#limit.withinMs;
    return (this.#times.get(address) ?? []).filter((time) => time > since);
  }
}
