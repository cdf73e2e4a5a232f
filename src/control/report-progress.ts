import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Progress } from './store/run-view.ts';

const eventEveryMs = 100;
const storeEveryMs = 2_000;

/** Lets a stage report as often as it likes: listeners hear of it ten times a second, the store every two seconds. */
export class ProgressReporter {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #tell: (progress: Progress) => void;
  readonly #put: (progress: Progress) => Promise<void>;
  #toldMs = Number.NEGATIVE_INFINITY;
  #putMs = Number.NEGATIVE_INFINITY;
  #untold: Progress | undefined;
  #unput: Progress | undefined;
  #putting: Promise<void> = Promise.resolve();

  constructor(p: {
    readonly clock: Clock;
    readonly log: Log;
    readonly tell: (progress: Progress) => void;
    readonly put: (progress: Progress) => Promise<void>;
  }) {
    this.#clock = p.clock;
    this.#log = p.log;
    this.#tell = p.tell;
    this.#put = p.put;
  }

  report(progress: Progress): void {
    const now = this.#clock.monotonicMs();
    this.#untold = progress;
    this.#unput = progress;
    if (now - this.#toldMs >= eventEveryMs) this.#tellNow(now);
    if (now - this.#putMs >= storeEveryMs) this.#putNow(now);
  }

  /** Before a stage ends: the last word is always heard. */
  async flush(): Promise<void> {
    const now = this.#clock.monotonicMs();
    this.#tellNow(now);
    this.#putNow(now);
    await this.#putting;
  }

  #tellNow(now: number): void {
    if (this.#untold === undefined) return;
    this.#toldMs = now;
    this.#tell(this.#untold);
    this.#untold = undefined;
  }

  #putNow(now: number): void {
    const progress = this.#unput;
    if (progress === undefined) return;
    this.#putMs = now;
    this.#unput = undefined;
    // Progress is for the eye only: that it cannot be stored is never a reason to fail.
    this.#putting = this.#putting
      .then(() => this.#put(progress))
      .catch((error) => this.#log.debug({ err: error }, 'progress could not be stored'));
  }
}
