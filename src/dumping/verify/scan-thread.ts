/** The entry of a thread that reads files of a dump back, one after the other, and scans their XML. */
import { parentPort } from 'node:worker_threads';
import { Bz2SegmentReader } from '../../export/containers/bz2/decode/read-segment.ts';
import { givingBack } from '../../export/containers/read/give-back.ts';
import { openContainer, rawBytes } from '../../export/containers/read/open-container.ts';
import { scanXml } from '../../export/scanner/scan-xml.ts';
import { packFailure } from '../threads/thread-failure.ts';
import { scanParts } from './scan-parts.ts';
import { scanSegment } from './scan-segments.ts';
import type { ScanAnswer, ScanOrder, SegmentScanOrder, ToScanThread } from './scan-threads.ts';

let current = new AbortController();
parentPort?.on('message', async (message: ToScanThread) => {
  if (message === 'abort') {
    current.abort();
    return;
  }
  current = new AbortController();
  parentPort?.postMessage(await answer(message, current.signal));
});

/** Made when it is needed, and kept: its memory is used again. */
let reader: Bz2SegmentReader | null = null;
function bz2Reader(): Bz2SegmentReader {
  reader ??= new Bz2SegmentReader();
  return reader;
}

async function answer(order: ScanOrder | SegmentScanOrder, signal: AbortSignal): Promise<ScanAnswer> {
  try {
    if ('segment' in order) {
      return await scanSegment(bz2Reader(), order.path, order.segment, signal);
    }
    const { path, searchPath, parts } = order;
    if (parts !== undefined) return { scan: await scanParts({ path, ...parts, bunzip: bz2Reader }, signal) };
    const container = await openContainer(path, { signal, searchPath });
    return { scan: await scanXml(givingBack(rawBytes(container))) };
  } catch (error) {
    return { failure: packFailure(error) };
  }
}
