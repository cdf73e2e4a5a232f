import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { XmlScan } from '../../export/scanner/scan-result.ts';
import type { ThreadFailure } from '../threads/messages.ts';
import { unpackFailure } from '../threads/thread-failure.ts';
import type { PartsOrder } from './scan-parts.ts';
import type { SegmentOrder, SegmentScan } from './scan-segments.ts';

/** What a thread is given to do with a file. */
export type ScanOrder =
  | { readonly kind: 'file'; readonly path: string; readonly searchPath: string }
  /** A segment of a bz2 file. */
  | { readonly kind: 'segment'; readonly path: string; readonly segment: SegmentOrder }
  | ({ readonly kind: 'parts' } & PartsOrder)
  /** Of all its bytes, as they were written. */
  | { readonly kind: 'hash'; readonly path: string; readonly sha256: string };

export type ToScanThread = ScanOrder | 'abort';
/** Null: a hash that is right. */
export type ScanAnswer = SegmentScan | null | { readonly failure: ThreadFailure };

/**
 * Threads that decompress files of a dump and scan their XML, each one order at a time. A thread is started when none is
 * free and used again: starting one costs more than reading a small file. Memory: what is said where an order is carried out.
 */
export class ScanThreads implements AsyncDisposable {
  readonly #free: Worker[] = [];
  readonly #all = new Set<Worker>();

  /** A whole file, by whatever reads its format. `searchPath`: the PATH in which decompressors are looked for. */
  async scanFile(path: string, searchPath: string, signal: AbortSignal): Promise<XmlScan> {
    const answer = await this.scan({ kind: 'file', path, searchPath }, signal);
    if (answer === null) throw new RangeError('a file was read and nothing is said of it');
    return answer.scan;
  }

  /** As many at once as calls are made. The signal ends the file's decompressor, too. */
  async scan(order: ScanOrder, signal: AbortSignal): Promise<SegmentScan | null> {
    signal.throwIfAborted();
    const worker = this.#free.pop() ?? this.#start();
    const onAbort = () => worker.postMessage('abort' satisfies ToScanThread);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await ask(worker, order);
      signal.throwIfAborted();
      if (answer !== null && 'failure' in answer) throw unpackFailure(answer.failure);
      this.#free.push(worker);
      return answer;
    } catch (error) {
      await worker.terminate();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #start(): Worker {
    const entry = new URL(`./scan-thread${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: 128 } });
    this.#all.add(worker);
    worker.once('exit', () => this.#all.delete(worker));
    return worker;
  }
}

/** Rejects when the thread dies; it is not to be used again then. */
function ask(worker: Worker, order: ScanOrder): Promise<ScanAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ScanAnswer>();
  const onExit = (code: number) => reject(new Error(`the scanning thread ended with status ${code}`));
  worker.once('message', resolve).once('error', reject).once('exit', onExit);
  worker.postMessage(order satisfies ToScanThread);
  return promise.finally(() => {
    worker.off('message', resolve).off('error', reject).off('exit', onExit);
  });
}
