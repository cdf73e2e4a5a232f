import { existsSync } from 'node:fs';
import { RotaError, toRotaError } from '../../../core/errors/rota-error.ts';
import { layoutName } from '../../../dumping/verify/file-layout.ts';
import { cutParts, type ReadShare } from '../../../dumping/verify/scan-parts.ts';
import {
  cutSegments,
  joinScans,
  readLayout,
  type SegmentScan,
} from '../../../dumping/verify/scan-segments.ts';
import { type ScanOrder, ScanThreads } from '../../../dumping/verify/scan-threads.ts';
import { inOrder } from '../../../export/containers/in-order.ts';
import type { XmlScan } from '../../../export/scanner/scan-result.ts';
import { workPath } from '../../../publish/workspace/workspace.ts';
import { readCarryPlan } from '../carry/carry-plan.ts';
import type { MadeFile } from '../made-file.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';

/** Less than this is read in the time that starting another thread takes. */
const bytesPerThread = 32 << 20;

/**
 * Reads finished XML files back from the disk, decompressed, and compares what is in them with what was written: pages,
 * revisions or log items, bytes, rising ids, closing tags. Of bundles that were copied from the date before a share is
 * decompressed, another one at each date (`verify`).
 * @throws RotaError VERIFICATION_FAILED
 */
export async function verifyXmlFiles(context: FullDumpContext, files: readonly MadeFile[]): Promise<void> {
  const { services, run, signal } = context;
  const { threads, verify } = wikiOf(services, run.subject).fullDump;
  const turn = (await readCarryPlan(context))?.turn ?? 0;
  const xml = files.filter((file) => /\.xml(-p\d+p\d+)?\.(gz|bz2|zst|7z)$/.test(file.name));
  const readings = xml.map((file) => {
    const path = workPath(services.trees[file.audience], file.committedPath);
    return new Reading(file, ordersOf({ path, sha256: file.digest.sha256, share: verify, turn }, services));
  });
  // Parts of one file are read side by side, so that the largest file does not keep one thread only.
  const work = readings.flatMap((reading) => reading.orders.map((order) => ({ reading, order })));
  const readBytes = readings.reduce((sum, reading) => sum + reading.readBytes, 0);
  await using scanners = new ScanThreads();
  let done = 0;
  const verified = inOrder(
    work,
    async ({ reading, order }, stop) => {
      const { file } = reading;
      const scan = await scanners.scan(order, stop).catch((error: unknown): never => {
        stop.throwIfAborted();
        throw toRotaError(
          error,
          'VERIFICATION_FAILED',
          (cause) => `${file.name} cannot be read back: ${cause}`,
        );
      });
      if (!reading.take(order, scan)) return false;
      compare(file, reading.joined());
      return true;
    },
    { concurrency: Math.min(threads, Math.ceil(readBytes / bytesPerThread) || 1), signal },
  );
  for await (const isWhole of verified) {
    if (isWhole) done += 1;
    context.progress({ done, total: xml.length, unit: 'files' });
  }
}

/** What threads are given to do to read one file back. */
function ordersOf(
  file: ReadShare & { readonly path: string; readonly sha256: string },
  { searchPath }: { readonly searchPath: string },
): readonly ScanOrder[] {
  const { path, sha256, share, turn } = file;
  if (!existsSync(layoutName(path))) return [{ kind: 'file', path, searchPath }];
  const parts = readLayout(path);
  // Where all of a bz2 file is read, it is read as the stream that it is.
  if (path.endsWith('.bz2') && (turn === 0 || share >= 1)) {
    return cutSegments(parts).map((segment) => ({ kind: 'segment', path, segment }));
  }
  const orders = cutParts(path, parts, { share, turn });
  return [{ kind: 'hash', path, sha256 }, ...orders.map((order) => ({ kind: 'parts' as const, ...order }))];
}

/** One file whose parts are read by several threads. */
class Reading {
  readonly file: MadeFile;
  readonly orders: readonly ScanOrder[];
  readonly #scans = new Map<ScanOrder, SegmentScan | null>();

  constructor(file: MadeFile, orders: readonly ScanOrder[]) {
    this.file = file;
    this.orders = orders;
  }

  /** Of its content, what is decompressed. */
  get readBytes(): number {
    const parts = this.orders.filter((order) => order.kind === 'parts');
    if (parts.length === 0) return this.file.rawBytes;
    return parts.reduce((sum, order) => sum + order.readBytes, 0);
  }

  /** Whether it is the last that was missing. */
  take(order: ScanOrder, scan: SegmentScan | null): boolean {
    this.#scans.set(order, scan);
    return this.#scans.size === this.orders.length;
  }

  /** As one scan of the whole file; null where a stream does not have the checksum that it states. */
  joined(): XmlScan | null {
    const found = this.orders.flatMap((order) => {
      const scan = this.#scans.get(order);
      return scan ? [{ rawOffset: rawOffsetOf(order), scan }] : [];
    });
    return joinScans(
      found,
      found.map(({ scan }) => scan),
    );
  }
}

function rawOffsetOf(order: ScanOrder): number {
  if (order.kind === 'segment') return order.segment.rawOffset;
  return order.kind === 'parts' ? order.rawOffset : 0;
}

function compare(file: MadeFile, scan: XmlScan | null): void {
  if (scan === null) {
    throw new RotaError(
      'VERIFICATION_FAILED',
      `${file.name} is not one bz2 stream: its blocks do not have the checksum that it states`,
      { facts: { file: file.name } },
    );
  }
  const expected: Record<string, number | undefined> = {
    pages: file.counts.pages,
    revisions: file.counts.revisions,
    logItems: file.counts.logItems,
    rawBytes: file.rawBytes,
  };
  const found: Record<string, number> = {
    pages: scan.pages,
    revisions: scan.revisions,
    logItems: scan.logItems,
    rawBytes: scan.rawBytes,
  };
  const wrong = Object.entries(expected)
    .filter(([what, count]) => count !== undefined && count !== found[what])
    .map(([what, count]) => `${found[what]} ${what} where ${count} were written`);
  const { range } = file.split ?? {};
  if (range && scan.firstPageId !== null && scan.lastPageId !== null) {
    const isInside = scan.firstPageId >= range.firstPageId && scan.lastPageId <= range.lastPageId;
    if (!isInside) wrong.push(`pages ${scan.firstPageId} to ${scan.lastPageId}`);
  }
  const [problem] = scan.problems;
  if (problem) wrong.push(`${problem.kind} at byte ${problem.offset} (page ${problem.pageId ?? 'none'})`);
  if (wrong.length === 0) return;
  throw new RotaError(
    'VERIFICATION_FAILED',
    `${file.name} is not what was written into it: ${wrong.join('; ')}`,
    {
      facts: { file: file.name, expected, found },
    },
  );
}
