import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { Bz2SegmentReader } from '../../export/containers/bz2/decode/read-segment.ts';
import type { ZstFrameReader } from '../../export/containers/zst/frame.ts';
import type { XmlScan } from '../../export/scanner/scan-result.ts';
import { XmlScanner } from '../../export/scanner/xml-scanner.ts';
import { extractStream } from '../carry/extract-stream.ts';
import { isDue } from '../carry/recheck.ts';
import type { FilePart } from './file-layout.ts';

/** Of the copies, the share that is decompressed (0 to 1), and the number of the dump in its row: so it rotates. */
export interface ReadShare {
  readonly share: number;
  readonly turn: number;
}

/** Consecutive parts of a file that one thread reads; the first begins and the last ends outside of pages. */
export interface PartsOrder extends ReadShare {
  readonly path: string;
  readonly parts: readonly FilePart[];
  /** Of the content of the file, what comes before. */
  readonly rawOffset: number;
  /** Nothing follows. */
  readonly isEnd: boolean;
  /** Of the content, what is decompressed. */
  readonly readBytes: number;
}

/** What decompresses, kept by each thread. */
export interface PartReaders {
  readonly zst: ZstFrameReader;
  bz2(): Bz2SegmentReader;
}

/** Raw bytes that are read for one order: some seconds of work. */
const orderBytes = 64 << 20;
/** A part that is not read costs this share of its bytes, so that no order has too many. */
const unreadShare = 1 / 64;

/** Cuts a file where a page ends (so a page that is larger than an order makes one), for several threads to read. */
export function cutParts(
  path: string,
  parts: readonly FilePart[],
  read: ReadShare,
  mostBytes = orderBytes,
): readonly PartsOrder[] {
  const orders: PartsOrder[] = [];
  let begin = 0;
  let rawOffset = 0;
  let raw = 0;
  let readBytes = 0;
  for (const [index, part] of parts.entries()) {
    raw += part.raw;
    if (isRead(part, read)) readBytes += part.raw;
    const work = readBytes + (raw - readBytes) * unreadShare;
    const isLast = index === parts.length - 1;
    if (!isLast && (work < mostBytes || !part.whole)) continue;
    orders.push({ path, parts: parts.slice(begin, index + 1), rawOffset, isEnd: isLast, readBytes, ...read });
    begin = index + 1;
    rawOffset += raw;
    raw = 0;
    readBytes = 0;
  }
  return orders;
}

const isRead = (part: FilePart, { share, turn }: ReadShare): boolean =>
  part.copied === '' || isDue(part.copied, turn, share);

/** @throws RotaError VERIFICATION_FAILED */
export async function compareHash(path: string, sha256: string, signal: AbortSignal): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 }))
    hash.update(chunk as Buffer);
  if (hash.digest('hex') === sha256) return;
  throw new RotaError(
    'VERIFICATION_FAILED',
    `${path} does not have the SHA-256 with which it was written: check the disk`,
    { facts: { path } },
  );
}

/**
 * Reads parts of a file back some of which may be copies of the date before: all that was made anew is decompressed and
 * scanned, and of the copies, whose bytes were compared with the SHA-256 in their index when they were read, a share. The
 * scan counts the others as their index does. It closes pages that it finds open and says that the XML is closed, where
 * the order is not the file's last. Memory: the order, and a part, compressed and (zst) raw.
 * @throws RotaError VERIFICATION_FAILED, ARCHIVE_DAMAGED
 */
export async function scanParts(
  order: PartsOrder,
  readers: PartReaders,
  signal: AbortSignal,
): Promise<XmlScan> {
  const scanner = new XmlScanner();
  /** What the scanner was given beside the file's content, and what it was not given of it. */
  const added = { rawBytes: 0, pages: 0 };
  const left = { rawBytes: 0, pages: 0, revisions: 0 };
  const bridge = (xml: string) => {
    added.rawBytes += xml.length;
    scanner.push(Buffer.from(xml));
  };
  // Where parts were left out, the page before is closed and the page after begun, so that what remains is one XML.
  let openPage = 0;
  const goOnIn = (page: number) => {
    if (page === openPage) return;
    if (openPage !== 0) bridge('  </page>\n');
    if (page === 0) return;
    bridge(pageHead(page));
    added.pages += 1;
  };
  await using file = await open(order.path, 'r');
  let before: FilePart | null = null;
  for (const part of order.parts) {
    signal.throwIfAborted();
    const within: number = before === null || before.whole ? 0 : before.lastPage;
    before = part;
    if (!isRead(part, order)) {
      left.rawBytes += part.raw;
      left.pages += part.begun;
      left.revisions += part.revisions;
      continue;
    }
    goOnIn(within);
    const rawBytes = await readContent(file, order.path, part, readers, (raw) => scanner.push(raw), signal);
    if (rawBytes !== part.raw) throw otherLength(order.path, rawBytes, part.raw);
    openPage = part.whole ? 0 : part.lastPage;
  }
  goOnIn(0);
  if (!order.isEnd) bridge('</mediawiki>');
  const scan = scanner.finish();
  return {
    ...scan,
    rawBytes: scan.rawBytes - added.rawBytes + left.rawBytes,
    pages: scan.pages - added.pages + left.pages,
    revisions: scan.revisions + left.revisions,
  };
}

/** Resolves with how many bytes were given. */
async function readContent(
  file: FileHandle,
  path: string,
  part: FilePart,
  readers: PartReaders,
  take: (raw: Buffer) => void,
  signal: AbortSignal,
): Promise<number> {
  const bytes = await readPart(file, part);
  if (path.endsWith('.bz2')) return await readers.bz2().readMemory(path, bytes, take, signal);
  const raw = readers.zst.read(bytes, part.raw);
  take(raw);
  return raw.length;
}

function otherLength(path: string, found: number, written: number): RotaError {
  return new RotaError(
    'VERIFICATION_FAILED',
    `${path} holds ${found} bytes in a part where ${written} were written: check the disk`,
    { facts: { path } },
  );
}

async function readPart(file: FileHandle, part: FilePart): Promise<Buffer> {
  if ('length' in part) return await readAt(file, part.at, part.length);
  const { at, bits, crc } = part;
  const first = Math.floor(at / 8);
  const bytes = await readAt(file, first, Math.ceil((at + bits) / 8) - first);
  return extractStream(bytes, { skip: at % 8, bits, crc });
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) return buffer.subarray(0, done);
    done += bytesRead;
  }
  return buffer;
}

const pageHead = (id: number): string =>
  `  <page>\n    <title>left out</title>\n    <ns>0</ns>\n    <id>${id}</id>\n`;
