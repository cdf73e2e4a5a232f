import type { Progress } from '../../control/store/run-view.ts';
import type { Clock } from '../../core/clock.ts';

/** How far back the speed is measured. */
const windowMs = 20_000;

/**
 * Counts what is done and tells the speed of the last seconds and the time that is left. Pieces that earlier attempts
 * finished count as done, but not as speed.
 */
export class ProgressMeter {
  readonly #clock: Clock;
  #total = 0;
  #done = 0;
  #bytes = 0;
  #samples: { readonly atMs: number; readonly done: number; readonly bytes: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(total: number, alreadyDone: number): void {
    this.#total = total;
    this.#done = alreadyDone;
    this.#bytes = 0;
    this.#samples = [{ atMs: this.#clock.monotonicMs(), done: alreadyDone, bytes: 0 }];
  }

  add(done: number, bytes: number): void {
    this.#done += done;
    this.#bytes += bytes;
  }

  progress(unit: string): Progress {
    const now = { atMs: this.#clock.monotonicMs(), done: this.#done, bytes: this.#bytes };
    this.#samples.push(now);
    // The oldest sample stays at the window's far end, so that slow stretches do not empty it.
    while (this.#samples.length > 2 && now.atMs - (this.#samples[1]?.atMs ?? 0) > windowMs)
      this.#samples.shift();
    const first = this.#samples[0] ?? now;
    const seconds = (now.atMs - first.atMs) / 1000;
    if (seconds <= 0) return { done: this.#done, total: this.#total, unit };
    const perSecond = (now.done - first.done) / seconds;
    return {
      done: this.#done,
      total: this.#total,
      unit,
      revisionsPerSecond: perSecond,
      bytesPerSecond: (now.bytes - first.bytes) / seconds,
      ...(perSecond > 0 ? { etaMs: Math.max(0, ((this.#total - this.#done) / perSecond) * 1000) } : {}),
    };
  }
}
