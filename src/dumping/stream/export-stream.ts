import type { RotaError } from '../../core/errors/rota-error.ts';
import type { EncodedChunk } from '../../mediawiki/record/page-part.ts';
import { writeFully } from '../threads/descriptor.ts';
import type { FailedRevision } from '../threads/failed-revision.ts';
import type { FromThread, ThreadSetup } from '../threads/messages.ts';
import { RenderPool, type RenderThread } from '../threads/render-pool.ts';
import { compress } from '../threads/stream-renderer.ts';
import { unpackFailure } from '../threads/thread-failure.ts';

export interface ExportStreamOptions {
  readonly setup: ThreadSetup;
  readonly threads: number;
  readonly header: Uint8Array;
  readonly footer: Uint8Array;
  /** An open file descriptor; it stays open. */
  readonly descriptor: number;
  readonly signal: AbortSignal;
  /** Called after each chunk that was written, in order. */
  onProgress(progress: ExportProgress): void;
  onFailed(failed: readonly FailedRevision[]): void;
}

export interface ExportProgress {
  readonly pages: number;
  readonly revisions: number;
  /** Bytes of XML, and bytes written (fewer when compressed). */
  readonly rawBytes: number;
  readonly writtenBytes: number;
}

/** Chunks a thread has at once: one waits to be written, one is rendered, one's texts are fetched. */
const chunksPerThread = 3;

interface Ticket {
  readonly thread: RenderThread;
  readonly pages: number;
  readonly revisions: number;
  rendered: boolean;
}

/**
 * Writes one XML stream: chunks of metadata go to rendering threads as they become free, and are written in their
 * order by the threads themselves. Memory: three chunks a thread, whatever the wiki's size.
 */
export async function exportStream(
  chunks: AsyncIterable<EncodedChunk>,
  options: ExportStreamOptions,
): Promise<ExportProgress> {
  const stream = new OrderedStream(options);
  await using _pool = await stream.start();
  return await stream.run(chunks);
}

class OrderedStream {
  readonly #options: ExportStreamOptions;
  readonly #tickets = new Map<number, Ticket>();
  readonly #idle: RenderThread[] = [];
  #wake: (() => void) | null = null;
  #failure: unknown = null;
  #nextId = 0;
  #turn = 0;
  #totals = { pages: 0, revisions: 0, rawBytes: 0, writtenBytes: 0 };

  constructor(options: ExportStreamOptions) {
    this.#options = options;
  }

  async start(): Promise<RenderPool> {
    const pool = await RenderPool.start(this.#options.setup, this.#options.threads, {
      onMessage: (_thread, message) => this.#hear(message),
      onFailure: (error: RotaError) => this.#fail(error),
    });
    for (let round = 0; round < chunksPerThread; round++) this.#idle.push(...pool.threads);
    return pool;
  }

  async run(chunks: AsyncIterable<EncodedChunk>): Promise<ExportProgress> {
    const { signal } = this.#options;
    const onAbort = () => this.#fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      this.#write(this.#options.header);
      for await (const chunk of chunks) {
        this.#hand(await this.#idleThread(), chunk);
        this.#throwIfFailed();
      }
      while (this.#tickets.size > 0) await this.#change();
      this.#throwIfFailed();
      this.#write(this.#options.footer);
      return this.#totals;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  #hand(thread: RenderThread, chunk: EncodedChunk): void {
    const id = this.#nextId++;
    const { bytes, pageCount, revisionCount } = chunk;
    this.#tickets.set(id, { thread, pages: pageCount, revisions: revisionCount, rendered: false });
    thread.send({ kind: 'render', id, chunk: bytes }, [bytes.buffer]);
  }

  async #idleThread(): Promise<RenderThread> {
    for (;;) {
      this.#throwIfFailed();
      const thread = this.#idle.shift();
      if (thread) return thread;
      await this.#change();
    }
  }

  #hear(message: FromThread): void {
    if (message.kind === 'failed') {
      this.#fail(unpackFailure(message.error));
      return;
    }
    if (message.kind === 'rendered') {
      if (message.failed.length > 0) this.#options.onFailed(message.failed);
      const ticket = this.#tickets.get(message.id);
      if (ticket) ticket.rendered = true;
      this.#giveTurn();
      return;
    }
    if (message.kind !== 'written') return;
    const ticket = this.#tickets.get(message.id);
    if (!ticket) return;
    this.#tickets.delete(message.id);
    this.#idle.push(ticket.thread);
    this.#totals = {
      pages: this.#totals.pages + ticket.pages,
      revisions: this.#totals.revisions + ticket.revisions,
      rawBytes: this.#totals.rawBytes + message.rawBytes,
      writtenBytes: this.#totals.writtenBytes + message.bytes,
    };
    this.#options.onProgress(this.#totals);
    this.#turn = message.id + 1;
    this.#giveTurn();
    this.#wake?.();
  }

  /** One chunk at a time has the turn: it is given when the one before is written and this one is rendered. */
  #giveTurn(): void {
    const ticket = this.#tickets.get(this.#turn);
    if (!ticket?.rendered || this.#failure !== null) return;
    ticket.rendered = false;
    ticket.thread.send({ kind: 'write', id: this.#turn, descriptor: this.#options.descriptor });
  }

  #fail(error: unknown): void {
    this.#failure ??= error ?? new Error('aborted');
    this.#wake?.();
  }

  #throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  async #change(): Promise<void> {
    this.#throwIfFailed();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
    this.#throwIfFailed();
  }

  #write(bytes: Uint8Array): void {
    const packed = compress(bytes, this.#options.setup.compression);
    writeFully(this.#options.descriptor, packed);
    this.#totals.rawBytes += bytes.length;
    this.#totals.writtenBytes += packed.length;
  }
}
