import { setTimeout as pause } from 'node:timers/promises';
import type { RunId } from '../core/ids.ts';
import type { RunStore } from './store/run-store.ts';

/** After a failure the store is watched again: who reads meanwhile is told by the read what is wrong. */
const againAfterMs = 1_000;

/**
 * Says when to read the store again, for whatever shows it live. Failures are told by the reads themselves: while the
 * store cannot be reached, `changed` resolves every second.
 */
export class StoreWatch implements Disposable {
  readonly #closed = new AbortController();
  readonly #signal: AbortSignal;
  #hasChanged = false;
  #wake: () => void = () => {};

  constructor(p: {
    readonly store: RunStore;
    /** Only this run; all, when left out. */
    readonly run?: RunId;
    readonly signal: AbortSignal;
  }) {
    this.#signal = AbortSignal.any([p.signal, this.#closed.signal]);
    this.#signal.addEventListener('abort', () => this.#wake(), { once: true });
    void this.#watch(p.store, p.run, this.#signal);
  }

  /** True as soon as something may have changed since it last said so; false after `withinMs`, or at the signal. */
  async changed(withinMs: number): Promise<boolean> {
    if (!this.#hasChanged && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }

  [Symbol.dispose](): void {
    this.#closed.abort();
  }

  async #watch(store: RunStore, run: RunId | undefined, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const _notice of store.watch({ ...(run === undefined ? {} : { run }), signal }))
          this.#ring();
      } catch {
        this.#ring();
        await pause(againAfterMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  #ring(): void {
    this.#hasChanged = true;
    this.#wake();
  }
}
