import { existsSync } from 'node:fs';
import { RotaError, toRotaError } from '../../../core/errors/rota-error.ts';
import { layoutName } from '../../../dumping/verify/file-layout.ts';
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
  const partsOf = (file: MadeFile, path: string): ScanOrder['parts'] => {
    // Nothing of a first dump is a copy: its bz2 files are read in segments.
    const isFirst = turn === 0 && path.endsWith('.bz2');
    if (verify >= 1 || isFirst || !existsSync(layoutName(path))) return undefined;
    return { sha256: file.digest.sha256, share: verify, turn };
  };
  const xml = files.filter((file) => /\.xml(-p\d+p\d+)?\.(gz|bz2|zst|7z)$/.test(file.name));
  await using scanners = new ScanThreads();
  const readings = xml.map((file) => {
    const path = workPath(services.trees[file.audience], file.committedPath);
    const parts = partsOf(file, path);
    const order = { path, searchPath: services.searchPath, ...(parts === undefined ? {} : { parts }) };
    const inSegments = parts === undefined && path.endsWith('.bz2') && existsSync(layoutName(path));
    const segments = inSegments ? cutSegments(readLayout(path)) : [];
    return { file, order, segments, scans: [] as SegmentScan[] };
  });
  // Segments of one file are read side by side, so that the largest file does not keep one thread only.
  const work = readings.flatMap((reading) => {
    const segments = reading.segments.length === 0 ? [null] : reading.segments;
    return segments.map((segment) => ({ reading, segment }));
  });
  const rawBytes = xml.reduce((sum, file) => sum + file.rawBytes, 0);
  let done = 0;
  const verified = inOrder(
    work,
    async ({ reading, segment }, stop) => {
      const { file, order, segments, scans } = reading;
      const failed = (error: unknown): never => {
        stop.throwIfAborted();
        throw toRotaError(
          error,
          'VERIFICATION_FAILED',
          (cause) => `${file.name} cannot be read back: ${cause}`,
        );
      };
      if (segment === null) {
        compare(file, await scanners.scan(order, stop).catch(failed));
        return true;
      }
      const scan = await scanners.scanSegment({ path: order.path, segment }, stop).catch(failed);
      scans[segments.indexOf(segment)] = scan;
      if (Object.keys(scans).length < segments.length) return false;
      compare(file, joinScans(segments, scans));
      return true;
    },
    { concurrency: Math.min(threads, Math.ceil(rawBytes / bytesPerThread) || 1), signal },
  );
  for await (const isWhole of verified) {
    if (isWhole) done += 1;
    context.progress({ done, total: xml.length, unit: 'files' });
  }
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
