import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { XmlScan } from '../../export/scanner/scan-result.ts';
import type { ThreadFailure } from '../threads/messages.ts';
import { unpackFailure } from '../threads/thread-failure.ts';
import type { PartsOrder } from './scan-parts.ts';
import type { SegmentOrder, SegmentScan } from './scan-segments.ts';

export interface ScanOrder {
  readonly path: string;
  /** The PATH in which decompressors are looked for. */
  readonly searchPath: string;
  /** Where copies of the date before are not read back but for a share of them; else the whole file is. */
  readonly parts?: Omit<PartsOrder, 'path' | 'bunzip'>;
}

/** A segment of a bz2 file. */
export interface SegmentScanOrder {
  readonly path: string;
  readonly segment: SegmentOrder;
}

export type ToScanThread = ScanOrder | SegmentScanOrder | 'abort';
export type ScanAnswer = { readonly scan: XmlScan } | SegmentScan | { readonly failure: ThreadFailure };

/**
 * Threads that decompress files of a dump and scan their XML, each one file at a time. A thread is started when none is
 * free and used again: starting one costs more than reading a small file. Memory: a few chunks a file.
 */
export class ScanThreads implements AsyncDisposable {
  readonly #free: Worker[] = [];
  readonly #all = new Set<Worker>();

  /** As many files at once as calls are made. The signal ends the file's decompressor, too. */
  async scan(order: ScanOrder, signal: AbortSignal): Promise<XmlScan> {
    return (await this.#ask(order, signal)).scan;
  }

  /** The same with a part of a bz2 file. */
  async scanSegment(order: SegmentScanOrder, signal: AbortSignal): Promise<SegmentScan> {
    const answer = await this.#ask(order, signal);
    if (!('sums' in answer)) throw new RangeError('a segment was not scanned as one');
    return answer;
  }

  async #ask(
    order: ScanOrder | SegmentScanOrder,
    signal: AbortSignal,
  ): Promise<Exclude<ScanAnswer, { readonly failure: ThreadFailure }>> {
    signal.throwIfAborted();
    const worker = this.#free.pop() ?? this.#start();
    const onAbort = () => worker.postMessage('abort' satisfies ToScanThread);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await ask(worker, order);
      signal.throwIfAborted();
      if ('failure' in answer) throw unpackFailure(answer.failure);
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
function ask(worker: Worker, order: ScanOrder | SegmentScanOrder): Promise<ScanAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ScanAnswer>();
  const onExit = (code: number) => reject(new Error(`the scanning thread ended with status ${code}`));
  worker.once('message', resolve).once('error', reject).once('exit', onExit);
  worker.postMessage(order satisfies ToScanThread);
  return promise.finally(() => {
    worker.off('message', resolve).off('error', reject).off('exit', onExit);
  });
}
