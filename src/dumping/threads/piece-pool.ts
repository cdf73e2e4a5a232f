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

/** Rendering threads that build pieces, one piece a thread at a time; further orders wait. */
export class PiecePool implements AsyncDisposable {
  #pool: RenderPool | null = null;
  #failure: RotaError | null = null;
  readonly #orders = new Map<number, Order>();
  readonly #idle: RenderThread[] = [];
  readonly #waiting: ((thread: RenderThread) => void)[] = [];
  #nextId = 0;

  private constructor() {}

  static async start(setup: ThreadSetup, threads: number): Promise<PiecePool> {
    const pool = new PiecePool();
    pool.#pool = await RenderPool.start(setup, threads, {
      onMessage: (_thread, message) => pool.#hear(message),
      onFailure: (error) => pool.#fail(error),
    });
    pool.#idle.push(...pool.#pool.threads);
    return pool;
  }

  /** A thread died: the pool is of no more use. */
  get isBroken(): boolean {
    return this.#failure !== null;
  }

  async build(spec: PieceSpec, options: BuildPieceOptions): Promise<PieceReport> {
    const thread = await this.#takeThread();
    if (this.#failure) throw this.#failure;
    options.signal.throwIfAborted();
    const id = this.#nextId++;
    const onAbort = () => thread.send({ kind: 'abort', id });
    options.signal.addEventListener('abort', onAbort, { once: true });
    try {
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
    await this.#pool?.[Symbol.asyncDispose]();
  }

  #takeThread(): Promise<RenderThread> {
    const thread = this.#idle.pop();
    if (thread) return Promise.resolve(thread);
    return new Promise((resolve) => this.#waiting.push(resolve));
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
  }
}
