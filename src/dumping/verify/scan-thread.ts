/** The entry of a thread that reads one file of a dump back and scans its XML. */
import { parentPort, workerData } from 'node:worker_threads';
import { openContainer, rawBytes } from '../../export/containers/read/open-container.ts';
import { scanXml } from '../../export/scanner/scan-xml.ts';
import { packFailure } from '../threads/thread-failure.ts';
import type { ScanAnswer, ScanOrder } from './scan-file.ts';
import { scanParts } from './scan-parts.ts';

const { path, searchPath, parts } = workerData as ScanOrder;
const abort = new AbortController();
parentPort?.on('message', () => abort.abort());
try {
  const { signal } = abort;
  const scan =
    parts === undefined
      ? await scanXml(rawBytes(await openContainer(path, { signal, searchPath })))
      : await scanParts({ path, ...parts }, signal);
  parentPort?.postMessage({ scan } satisfies ScanAnswer);
} catch (error) {
  parentPort?.postMessage({ failure: packFailure(error) } satisfies ScanAnswer);
}
parentPort?.close();
