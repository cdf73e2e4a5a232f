import type { Clock } from '../../core/clock.ts';

/** Keeps costly chores to a tenth of the time: on a large farm they come less often than sweeps do. */
export class Pace {
  readonly #clock: Clock;
  readonly #notBeforeMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async keep(name: string, chore: () => Promise<unknown>): Promise<void> {
    const startMs = this.#clock.monotonicMs();
    if (startMs < (this.#notBeforeMs.get(name) ?? 0)) return;
    try {
      await chore();
    } finally {
      const endMs = this.#clock.monotonicMs();
      this.#notBeforeMs.set(name, endMs + 9 * (endMs - startMs));
    }
  }
}
