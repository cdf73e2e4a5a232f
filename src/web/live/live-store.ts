import { setTimeout as pause } from 'node:timers/promises';
import type { RunStore } from '../../control/store/run-store.ts';
import { StoreWatch } from '../../control/store-watch.ts';

/** Changes are told no more often than this: a dump writes its progress every second, and people read slower … */
const restMs = 1_000;
/** … and no less often: leases end and times go by without a change. */
const atLeastEveryMs = 10_000;

/** More answers than this are not kept for one version. */
const largestMemory = 500;

/**
 * What the store holds, for any number of readers at once: one watch of the store for all of them, and each question is
 * asked once for each version, however many want to know.
 */
export class LiveStore implements AsyncDisposable {
  readonly #ended = new AbortController();
  readonly #watching: Promise<void>;
  #version = 1;
  #answers = new Map<string, Promise<unknown>>();
  #waiting = new Set<() => void>();

  constructor(store: RunStore) {
    this.#watching = this.#watch(store, this.#ended.signal);
  }

  get version(): number {
    return this.#version;
  }

  /** Resolves with the version as soon as it is another than `seen`, or at the signal. */
  async next(seen: number, signal: AbortSignal): Promise<number> {
    const either = AbortSignal.any([signal, this.#ended.signal]);
    if (this.#version === seen && !either.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          either.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        either.addEventListener('abort', wake, { once: true });
      });
    }
    return this.#version;
  }

  /** The answer to a question about this version; asked anew where the last try failed. */
  async ask<T>(question: string, answer: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(question);
    if (known !== undefined) return (await known) as T;
    const asked = answer();
    if (this.#answers.size < largestMemory) this.#answers.set(question, asked);
    try {
      return await asked;
    } catch (error) {
      this.#answers.delete(question);
      throw error;
    }
  }

  /** What was just done here is to be seen at once. */
  changed(): void {
    this.#version += 1;
    this.#answers = new Map();
    for (const wake of [...this.#waiting]) wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#watching;
  }

  async #watch(store: RunStore, signal: AbortSignal): Promise<void> {
    using changes = new StoreWatch({ store, signal });
    while (!signal.aborted) {
      await changes.changed(atLeastEveryMs);
      if (signal.aborted) return;
      this.changed();
      await pause(restMs, undefined, { signal }).catch(() => {});
    }
  }
}
