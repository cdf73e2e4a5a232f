/** The entry of a thread that reads files of a dump back, one after the other, and scans their XML. */
import { parentPort } from 'node:worker_threads';
import { Bz2SegmentReader } from '../../export/containers/bz2/decode/read-segment.ts';
import { givingBack } from '../../export/containers/read/give-back.ts';
import { openContainer, rawBytes } from '../../export/containers/read/open-container.ts';
import { ZstFrameReader } from '../../export/containers/zst/frame.ts';
import { scanXml } from '../../export/scanner/scan-xml.ts';
import { packFailure } from '../threads/thread-failure.ts';
import { compareHash, type PartReaders, scanParts } from './scan-parts.ts';
import { scanSegment } from './scan-segments.ts';
import type { ScanAnswer, ScanOrder, ToScanThread } from './scan-threads.ts';

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

const readers: PartReaders = { zst: new ZstFrameReader(), bz2: bz2Reader };

async function answer(order: ScanOrder, signal: AbortSignal): Promise<ScanAnswer> {
  try {
    switch (order.kind) {
      case 'segment':
        return await scanSegment(bz2Reader(), order.path, order.segment, signal);
      case 'parts':
        return { scan: await scanParts(order, readers, signal), sums: null };
      case 'hash':
        await compareHash(order.path, order.sha256, signal);
        return null;
      case 'file': {
        const container = await openContainer(order.path, { signal, searchPath: order.searchPath });
        return { scan: await scanXml(givingBack(rawBytes(container))), sums: null };
      }
    }
  } catch (error) {
    return { failure: packFailure(error) };
  }
}
