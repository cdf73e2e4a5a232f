import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { Bz2SegmentReader } from '../../export/containers/bz2/decode/read-segment.ts';
import { giveBack } from '../../export/containers/read/give-back.ts';
import { readZstFrame } from '../../export/containers/zst/frame.ts';
import type { XmlScan } from '../../export/scanner/scan-result.ts';
import { scanXml } from '../../export/scanner/scan-xml.ts';
import { extractStream } from '../carry/extract-stream.ts';
import { isDue } from '../carry/recheck.ts';
import type { FilePart } from './file-layout.ts';
import { readLayout } from './scan-segments.ts';

export interface PartsOrder {
  readonly path: string;
  /** Of the whole file, as it was written. */
  readonly sha256: string;
  /** Of the copies, the share that is decompressed (0 to 1), and the number of the dump in its row: so it rotates. */
  readonly share: number;
  readonly turn: number;
  /** For bz2 files. */
  bunzip(): Bz2SegmentReader;
}

/**
 * Reads a file back some of whose parts are copies of the date before: all its bytes are hashed, all that was made anew
 * is decompressed and scanned, and of the copies, whose bytes were compared with the SHA-256 in their index when they were
 * read, a share. The scan counts the others as their index does. Memory: the layout, and a part.
 * @throws RotaError VERIFICATION_FAILED
 */
export async function scanParts(order: PartsOrder, signal: AbortSignal): Promise<XmlScan> {
  await compareHash(order, signal);
  const parts = readLayout(order.path);
  const left = { rawBytes: 0, pages: 0, revisions: 0 };
  const isRead = (part: FilePart) => part.copied === '' || isDue(part.copied, order.turn, order.share);
  for (const part of parts) {
    if (isRead(part)) continue;
    left.rawBytes += part.raw;
    left.pages += part.begun;
    left.revisions += part.revisions;
  }
  await using file = await open(order.path, 'r');
  const bridges = { rawBytes: 0, pages: 0 };
  const scan = await scanXml(
    withBridges(rawParts(file, parts.filter(isRead), order, signal), parts, bridges),
  );
  return {
    ...scan,
    rawBytes: scan.rawBytes - bridges.rawBytes + left.rawBytes,
    pages: scan.pages - bridges.pages + left.pages,
    revisions: scan.revisions + left.revisions,
  };
}

async function compareHash({ path, sha256 }: PartsOrder, signal: AbortSignal): Promise<void> {
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

interface RawPart {
  readonly part: FilePart;
  readonly raw: Buffer;
}

/** The parts decompressed, in their order. */
async function* rawParts(
  file: FileHandle,
  parts: readonly FilePart[],
  order: PartsOrder,
  signal: AbortSignal,
): AsyncGenerator<RawPart, void, void> {
  const { path } = order;
  for (const part of parts) {
    signal.throwIfAborted();
    const bytes = await readPart(file, part);
    const raw = path.endsWith('.bz2')
      ? await order.bunzip().decompress(path, bytes, part.raw, signal)
      : readZstFrame(bytes, part.raw);
    if (raw.length !== part.raw) throw otherLength(path, raw.length, part.raw);
    yield { part, raw };
    giveBack(raw);
  }
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

/**
 * Where a part was left out, the page before is closed and the page after begun, so that what remains is one XML. A page
 * of which only the middle is missing goes on.
 */
async function* withBridges(
  read: AsyncIterable<RawPart>,
  parts: readonly FilePart[],
  bridges: { rawBytes: number; pages: number },
): AsyncGenerator<Buffer, void, void> {
  let openPage = 0;
  let at = 0;
  for await (const { part, raw } of read) {
    while (parts[at]?.at !== part.at) at += 1;
    const before = parts[at - 1];
    // The page that this part begins within: the one before it ended there.
    const within = before === undefined || before.whole ? 0 : before.lastPage;
    if (within !== openPage) {
      const bridge = Buffer.from(
        `${openPage === 0 ? '' : '  </page>\n'}${within === 0 ? '' : pageHead(within)}`,
      );
      bridges.rawBytes += bridge.length;
      if (within !== 0) bridges.pages += 1;
      yield bridge;
    }
    yield raw;
    openPage = part.whole ? 0 : part.lastPage;
  }
}

const pageHead = (id: number): string =>
  `  <page>\n    <title>left out</title>\n    <ns>0</ns>\n    <id>${id}</id>\n`;
