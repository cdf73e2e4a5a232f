import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress, zstdDecompressSync } from 'node:zlib';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { Bz2BlockFile, type Bz2Fault } from '../../export/containers/bz2/decode/block-file.ts';
import { FileWindow } from '../../export/containers/file-window.ts';
import { gzMemberMagic, soundGzMember } from '../../export/containers/gz/member-reader.ts';
import { walkFrame } from '../../export/containers/zst/frame-walk.ts';
import type { DumpSource } from '../dump-source.ts';

/** What can be read of a dump, in order. */
export type ReadablePiece =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** Something is lost here: what follows does not go on from what came before. */
  | { readonly kind: 'gap'; readonly what: string };

/**
 * Everything of a dump that decompresses and is proved by its checksum, also behind damage: blocks of bz2 are found at any
 * bit, frames of zst and members of gz by their first bytes. Of 7z what stands before the damage.
 * Memory: a block, frame or member.
 */
export function readablePieces(
  source: DumpSource,
  signal: AbortSignal,
): AsyncGenerator<ReadablePiece, void, void> {
  if (source.path !== null && source.format === 'bz2') return bz2Pieces(source.path, signal);
  if (source.path !== null && source.format === 'zst') return zstPieces(source.path, source, signal);
  if (source.path !== null && source.format === 'gz') return gzPieces(source.path, source, signal);
  return otherPieces(source);
}

async function* otherPieces(source: DumpSource): AsyncGenerator<ReadablePiece, void, void> {
  try {
    for await (const { bytes } of source.chunks()) yield { kind: 'bytes', bytes };
  } catch (error) {
    if (!isRotaError(error, 'ARCHIVE_DAMAGED')) throw error;
    const { what, fileOffset } = error.facts;
    yield { kind: 'gap', what: fileOffset === null ? String(what) : `near byte ${fileOffset}: ${what}` };
  }
}

/** "at byte 4711, bit 3: its checksum is wrong". */
export function describeFault({ bitOffset, what }: Bz2Fault): string {
  return `at byte ${Math.floor(bitOffset / 8)}, bit ${bitOffset % 8}: ${what}`;
}

async function* bz2Pieces(path: string, signal: AbortSignal): AsyncGenerator<ReadablePiece, void, void> {
  await using file = await Bz2BlockFile.open(path);
  let from: number | null = null;
  for (;;) {
    let fault: Bz2Fault | null = null;
    for await (const step of file.walk(from === null ? {} : { from })) {
      signal.throwIfAborted();
      if (step.kind === 'block') yield { kind: 'bytes', bytes: step.block.raw };
      else if (step.kind === 'fault') fault = step.fault;
    }
    if (fault === null) return;
    yield { kind: 'gap', what: describeFault(fault) };
    const next = await file.firstFrom(fault.bitOffset + 1);
    if (next === null) return;
    from = next.bitOffset;
  }
}

/** Longer frames are read from their start only: those of one that compressed a whole file at once. */
const longestFrame = 64 << 20;
const longestContent = 1 << 29;
const frameMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const searchBytes = 1 << 20;

async function* zstPieces(
  path: string,
  source: DumpSource,
  signal: AbortSignal,
): AsyncGenerator<ReadablePiece, void, void> {
  await using file = await FileWindow.open(path);
  const frameAt = async (at: number) => {
    const frame = await walkFrame((offset, length) => file.read(offset, length), at, file.size);
    if (!('bytes' in frame) || frame.isSkippable || frame.bytes > longestFrame) return { frame, raw: null };
    return { frame, raw: decompress(await file.read(at, frame.bytes)) };
  };
  for (let at = 0; at < file.size; ) {
    signal.throwIfAborted();
    const { frame, raw } = await frameAt(at);
    if ('bytes' in frame && frame.isSkippable) {
      at += frame.bytes;
      continue;
    }
    if ('bytes' in frame && frame.bytes > longestFrame) return yield* otherPieces(source);
    if ('bytes' in frame && raw !== null) {
      yield { kind: 'bytes', bytes: raw };
      at += frame.bytes;
      continue;
    }
    const next = await nextPlace(
      file,
      frameMagic,
      at + 1,
      async (place) => (await frameAt(place)).raw !== null,
    );
    // Of a frame that only lacks its end, what comes before is what it says.
    if (next === null && !('bytes' in frame) && frame.offset === file.size) {
      for await (const bytes of beginning(file, at)) yield { kind: 'bytes', bytes };
    }
    const what = 'bytes' in frame ? 'a frame fails its checksum, or cannot be decompressed' : frame.what;
    yield { kind: 'gap', what: `at byte ${at}: ${what}` };
    if (next === null) return;
    at = next;
  }
}

async function* gzPieces(
  path: string,
  source: DumpSource,
  signal: AbortSignal,
): AsyncGenerator<ReadablePiece, void, void> {
  await using file = await FileWindow.open(path);
  for (let at = 0; at < file.size; ) {
    signal.throwIfAborted();
    const member = await soundGzMember(file, at);
    if (typeof member === 'object') {
      yield { kind: 'bytes', bytes: member.raw };
      at += member.bytes.length;
      continue;
    }
    const isSound = async (place: number) => typeof (await soundGzMember(file, place)) === 'object';
    const next = await nextPlace(file, gzMemberMagic, at + 1, isSound);
    // One member for the whole file, or none as Rota writes them: what stands before the damage.
    if (next === null && at === 0) return yield* otherPieces(source);
    // Of one that only lacks its end, what comes before is what it says.
    if (next === null && member === 'cut') {
      const rest = Buffer.from(await file.read(at, longestFrame));
      for await (const bytes of untilFault(createGunzip(), rest)) yield { kind: 'bytes', bytes };
    }
    yield { kind: 'gap', what: `at byte ${at}: a gzip member fails its checksum, or cannot be decompressed` };
    if (next === null) return;
    at = next;
  }
}

/** Where the next frame or member begins that can be read. */
async function nextPlace(
  file: FileWindow,
  magic: Buffer,
  from: number,
  isSound: (at: number) => Promise<boolean>,
): Promise<number | null> {
  for (let start = from; start < file.size; start += searchBytes) {
    const bytes = Buffer.from(await file.read(start, searchBytes + magic.length - 1));
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      if (await isSound(start + at)) return start + at;
    }
  }
  return null;
}

function decompress(frame: Buffer): Buffer | null {
  try {
    return zstdDecompressSync(frame, { maxOutputLength: longestContent });
  } catch {
    return null;
  }
}

async function* beginning(file: FileWindow, at: number): AsyncGenerator<Buffer, void, void> {
  yield* untilFault(createZstdDecompress(), Buffer.from(await file.read(at, longestFrame)));
}

/** What can be decompressed of something that ends too early. */
async function* untilFault(stream: Transform, given: Buffer): AsyncGenerator<Buffer, void, void> {
  stream.end(given);
  try {
    for await (const bytes of stream as AsyncIterable<Buffer>) yield bytes;
  } catch {
    // It ends where the file does; what was decompressed has been given.
  } finally {
    stream.destroy();
  }
}
