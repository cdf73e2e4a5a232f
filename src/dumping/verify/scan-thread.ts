/** The entry of a thread that reads files of a dump back, one after the other, and scans their XML. */
import { parentPort } from 'node:worker_threads';
import { openContainer, rawBytes } from '../../export/containers/read/open-container.ts';
import { scanXml } from '../../export/scanner/scan-xml.ts';
import { packFailure } from '../threads/thread-failure.ts';
import { scanParts } from './scan-parts.ts';
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

async function answer({ path, searchPath, parts }: ScanOrder, signal: AbortSignal): Promise<ScanAnswer> {
  try {
    if (parts !== undefined) return { scan: await scanParts({ path, ...parts }, signal) };
    const container = await openContainer(path, { signal, searchPath });
    return { scan: await scanXml(rawBytes(container)) };
  } catch (error) {
    return { failure: packFailure(error) };
  }
}
