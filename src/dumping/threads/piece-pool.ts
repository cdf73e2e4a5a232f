import { RotaError } from '../../core/errors/rota-error.ts';
import type { PieceReport, PieceSpec } from '../piece/piece-spec.ts';
import type { FromThread, ThreadSetup } from './messages.ts';
import { RenderPool, type RenderThread } from './render-pool.ts';
import { unpackFailure } from './thread-failure.ts';

export interface BuildPieceOptions {
  readonly signal: AbortSignal;
  onProgress(revisions: number, rawBytes: number): void;
}

interface Order {
  readonly resolve: (report: PieceReport) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: (revisions: number, rawBytes: number) => void;
  readonly thread: RenderThread;
}

/**
 * Rendering threads that build pieces, one piece a thread at a time; further orders wait. A thread is started when there
 * is a piece for it: small work does with one, and starting a second costs a third of a second of CPU.
 */
export class PiecePool implements AsyncDisposable {
  readonly #setup: ThreadSetup;
  readonly #mostThreads: number;
  /** One thread each, those included that are starting. */
  readonly #pools: Promise<RenderPool>[] = [];
  #failure: RotaError | null = null;
  readonly #orders = new Map<number, Order>();
  readonly #idle: RenderThread[] = [];
  /** Told null where a thread may be started instead. */
  readonly #waiting: ((thread: RenderThread | null) => void)[] = [];
  #nextId = 0;

  /** @param mostThreads at least 1 */
  constructor(setup: ThreadSetup, mostThreads: number) {
    this.#setup = setup;
    this.#mostThreads = mostThreads;
  }

  /** A thread died: the pool is of no more use. */
  get isBroken(): boolean {
    return this.#failure !== null;
  }

  async build(spec: PieceSpec, options: BuildPieceOptions): Promise<PieceReport> {
    const thread = await this.#takeThread();
    const id = this.#nextId++;
    const onAbort = () => thread.send({ kind: 'abort', id });
    options.signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (this.#failure) throw this.#failure;
      options.signal.throwIfAborted();
      return await new Promise<PieceReport>((resolve, reject) => {
        this.#orders.set(id, { resolve, reject, onProgress: options.onProgress, thread });
        thread.send({ kind: 'piece', id, spec });
      });
    } catch (error) {
      options.signal.throwIfAborted();
      throw error;
    } finally {
      options.signal.removeEventListener('abort', onAbort);
      this.#giveBack(thread);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#fail(new RotaError('INTERRUPTED', 'the rendering threads were ended'));
    const pools = await Promise.allSettled(this.#pools);
    await Promise.all(
      pools.map((pool) => (pool.status === 'fulfilled' ? pool.value[Symbol.asyncDispose]() : null)),
    );
  }

  async #takeThread(): Promise<RenderThread> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      const idle = this.#idle.pop();
      if (idle) return idle;
      if (this.#pools.length < this.#mostThreads) return await this.#startThread();
      const thread = await new Promise<RenderThread | null>((resolve) => this.#waiting.push(resolve));
      if (thread) return thread;
    }
  }

  async #startThread(): Promise<RenderThread> {
    const starting = RenderPool.start(this.#setup, 1, {
      onMessage: (_thread, message) => this.#hear(message),
      onFailure: (error) => this.#fail(error),
    });
    this.#pools.push(starting);
    try {
      const [thread] = (await starting).threads;
      if (thread === undefined) throw new RangeError('a pool of one thread has none');
      return thread;
    } catch (error) {
      this.#pools.splice(this.#pools.indexOf(starting), 1);
      this.#waiting.shift()?.(null);
      throw error;
    }
  }

  #giveBack(thread: RenderThread): void {
    const next = this.#waiting.shift();
    if (next) next(thread);
    else this.#idle.push(thread);
  }

  #hear(message: FromThread): void {
    if (!('id' in message)) return;
    const order = this.#orders.get(message.id);
    if (!order) return;
    if (message.kind === 'progress') {
      order.onProgress(message.revisions, message.rawBytes);
      return;
    }
    this.#orders.delete(message.id);
    if (message.kind === 'piece') order.resolve(message.report);
    else if (message.kind === 'failed') order.reject(unpackFailure(message.error));
  }

  #fail(error: RotaError): void {
    this.#failure ??= error;
    for (const order of this.#orders.values()) order.reject(error);
    this.#orders.clear();
    for (const waiting of this.#waiting.splice(0)) waiting(null);
  }
}
