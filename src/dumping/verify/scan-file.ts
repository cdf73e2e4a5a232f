import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { XmlScan } from '../../export/scanner/scan-result.ts';
import type { ThreadFailure } from '../threads/messages.ts';
import { unpackFailure } from '../threads/thread-failure.ts';
import type { PartsOrder } from './scan-parts.ts';

export interface ScanOrder {
  readonly path: string;
  /** The PATH in which decompressors are looked for. */
  readonly searchPath: string;
  /** Where copies of the date before are not read back but for a share of them; else the whole file is. */
  readonly parts?: Omit<PartsOrder, 'path'>;
}

export type ScanAnswer = { readonly scan: XmlScan } | { readonly failure: ThreadFailure };

/** Decompresses a file of a dump in a thread of its own and scans its XML. Memory: a few chunks. */
export async function scanFile(order: ScanOrder, signal: AbortSignal): Promise<XmlScan> {
  signal.throwIfAborted();
  const entry = new URL(`./scan-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(entry, { workerData: order, resourceLimits: { maxOldGenerationSizeMb: 128 } });
  // Asked first, so that it ends its decompressor.
  const onAbort = () => worker.postMessage('abort');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const answer = await new Promise<ScanAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the scanning thread ended with status ${code}`)));
    });
    if ('scan' in answer) return answer.scan;
    signal.throwIfAborted();
    throw unpackFailure(answer.failure);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
