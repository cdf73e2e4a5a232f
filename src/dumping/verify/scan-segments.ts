import { readFileSync } from 'node:fs';
import {
  type Bz2Segment,
  type Bz2SegmentReader,
  type Bz2SegmentSums,
  provesSums,
} from '../../export/containers/bz2/decode/read-segment.ts';
import type { XmlScan } from '../../export/scanner/scan-result.ts';
import { XmlScanner } from '../../export/scanner/xml-scanner.ts';
import { type FilePart, layoutName } from './file-layout.ts';

/** A part of a file that one thread reads. */
export interface SegmentOrder extends Bz2Segment {
  /** Of the content of the file, what comes before. */
  readonly rawOffset: number;
}

export interface SegmentScan {
  readonly scan: XmlScan;
  /** Null where whole streams or frames were read. */
  readonly sums: Bz2SegmentSums | null;
}

/** Raw bytes of a segment: some seconds of work. */
const segmentBytes = 64 << 20;
const foot = Buffer.from('</mediawiki>');

/** The parts of a joined file, as they were written down beside it. */
export function readLayout(path: string): readonly FilePart[] {
  return readFileSync(layoutName(path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FilePart);
}

/** Cuts a bz2 file where a page ends (so a page that is larger than a segment makes one), for several threads to read. */
export function cutSegments(parts: readonly FilePart[], mostBytes = segmentBytes): readonly SegmentOrder[] {
  const starts: { readonly bit: number; readonly rawOffset: number; readonly inStream: boolean }[] = [];
  let raw = 0;
  let begun = 0;
  for (const [index, part] of parts.entries()) {
    if (index > 0 && parts[index - 1]?.whole === true && raw - begun >= mostBytes) {
      // Blocks inside a stream are told by bits, streams by bytes.
      const inStream = 'bits' in part;
      starts.push({ bit: inStream ? part.at : part.at * 8, rawOffset: raw, inStream });
      begun = raw;
    }
    raw += part.raw;
  }
  return [{ bit: 0, rawOffset: 0, inStream: false }, ...starts].map(({ bit, ...start }, index) => ({
    ...start,
    fromBit: bit,
    toBit: starts[index]?.bit ?? null,
  }));
}

/** Reads a segment and scans its XML, which begins and ends outside of pages. */
export async function scanSegment(
  reader: Bz2SegmentReader,
  path: string,
  { rawOffset: _, ...segment }: SegmentOrder,
  signal: AbortSignal,
): Promise<SegmentScan> {
  const scanner = new XmlScanner();
  const sums = await reader.read(path, segment, (raw) => scanner.push(raw), signal);
  if (segment.toBit === null) return { scan: scanner.finish(), sums };
  // What follows is in another segment: this one is closed as if it were a whole.
  scanner.push(foot);
  const scan = scanner.finish();
  return { scan: { ...scan, rawBytes: scan.rawBytes - foot.length }, sums };
}

/**
 * What one scan of the whole file would have found; null where the checksum of a stream that lies across segments is not
 * what the stream states.
 */
export function joinScans(
  orders: readonly { readonly rawOffset: number }[],
  segments: readonly SegmentScan[],
): XmlScan | null {
  if (!provesSums(segments.flatMap(({ sums }) => sums ?? []))) return null;
  const scans = segments.map(({ scan }) => scan);
  const sum = (of: (scan: XmlScan) => number) => scans.reduce((total, scan) => total + of(scan), 0);
  const firstOf = (of: (scan: XmlScan) => number | null) => scans.map(of).find((id) => id !== null) ?? null;
  const lastOf = (of: (scan: XmlScan) => number | null) =>
    scans.map(of).findLast((id) => id !== null) ?? null;
  const problems = scans.flatMap((scan, index) =>
    scan.problems.map((problem) => ({
      ...problem,
      offset: problem.offset + (orders[index]?.rawOffset ?? 0),
    })),
  );
  const disorder = firstDisorder(scans);
  if (disorder !== null) {
    problems.push({
      kind: 'page-order',
      offset: orders[disorder]?.rawOffset ?? 0,
      pageId: scans[disorder]?.firstPageId ?? null,
    });
  }
  return {
    pages: sum(({ pages }) => pages),
    revisions: sum(({ revisions }) => revisions),
    logItems: sum(({ logItems }) => logItems),
    uploads: sum(({ uploads }) => uploads),
    rawBytes: sum(({ rawBytes }) => rawBytes),
    firstPageId: firstOf(({ firstPageId }) => firstPageId),
    lastPageId: lastOf(({ lastPageId }) => lastPageId),
    firstLogId: firstOf(({ firstLogId }) => firstLogId),
    lastLogId: lastOf(({ lastLogId }) => lastLogId),
    greatestRevisionId: Math.max(0, ...scans.map((scan) => scan.greatestRevisionId ?? 0)) || null,
    idsAscending: disorder === null && scans.every(({ idsAscending }) => idsAscending),
    closed: scans.at(-1)?.closed ?? false,
    problems,
    problemCount: sum(({ problemCount }) => problemCount) + (disorder === null ? 0 : 1),
  };
}

/** The first segment whose pages do not all come behind those before it. */
function firstDisorder(scans: readonly XmlScan[]): number | null {
  let last = 0;
  for (const [index, { firstPageId, lastPageId }] of scans.entries()) {
    if (firstPageId !== null && firstPageId <= last) return index;
    last = lastPageId ?? last;
  }
  return null;
}
