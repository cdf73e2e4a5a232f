import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { FromThread, ThreadSetup, ToThread } from './messages.ts';
import { unpackFailure } from './thread-failure.ts';

export interface RenderThread {
  send(message: ToThread, transfer?: readonly ArrayBuffer[]): void;
}

export interface RenderPoolEvents {
  onMessage(thread: RenderThread, message: FromThread): void;
  /** A thread failed or died: nothing more comes from the pool. */
  onFailure(error: RotaError): void;
}

/**
 * What a thread holds is mostly outside its heap. A young generation of 12 MB instead of Node's 48 costs no CPU that
 * can be measured, and saves some 20 MB a thread.
 */
const heapLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 12 };

/**
 * A fixed number of rendering threads of one set-up. Who uses the pool decides what each is given; the pool starts
 * them, hears them, and ends them.
 */
export class RenderPool implements AsyncDisposable {
  readonly threads: readonly RenderThread[];
  readonly #workers: readonly Worker[];
  #closing = false;

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
    this.threads = workers.map((worker) => ({
      send: (message, transfer = []) => worker.postMessage(message, transfer),
    }));
  }

  /** @param count threads, at least 1. */
  static async start(setup: ThreadSetup, count: number, events: RenderPoolEvents): Promise<RenderPool> {
    // Source and built package differ in the ending only.
    const entry = new URL(`./render-thread${extname(import.meta.url)}`, import.meta.url);
    const workers = Array.from(
      { length: count },
      () => new Worker(entry, { workerData: setup, resourceLimits: heapLimits }),
    );
    const pool = new RenderPool(workers);
    const ready = workers.map(
      (worker, index) =>
        new Promise<void>((resolve, reject) => {
          const thread = pool.threads[index];
          const fail = (error: RotaError) => {
            reject(error);
            if (!pool.#closing) events.onFailure(error);
          };
          worker.on('message', (message: FromThread) => {
            if (message.kind === 'ready') resolve();
            else if (message.kind === 'failed' && message.id < 0) fail(unpackFailure(message.error));
            else if (thread) events.onMessage(thread, message);
          });
          worker.on('error', (error: Error) => fail(threadError(error)));
          worker.on('exit', (code) => {
            if (!pool.#closing) fail(died(`it ended with status ${code}`));
          });
        }),
    );
    try {
      await Promise.all(ready);
    } catch (error) {
      await pool[Symbol.asyncDispose]();
      throw error;
    }
    return pool;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function threadError(error: Error): RotaError {
  // An error thrown while a thread starts (no connection) loses its class on the way, but keeps its own properties.
  const code = (error as { code?: unknown }).code;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return died('it ran out of memory', error);
  if (typeof code === 'string' && error.name === 'RotaError') {
    return unpackFailure({ code, message: error.message, stack: error.stack ?? null, facts: {} });
  }
  return died(error.message, error);
}

function died(what: string, cause?: unknown): RotaError {
  return new RotaError('RENDER_THREAD_DIED', `a rendering thread died: ${what}`, { cause });
}
