import { constants, createZstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { ZlibHandle } from '../../../core/zlib-handle.ts';

/** Larger frames are rare, and are compressed the public way: what is kept would grow with them. */
const largestKeptBytes = 32 << 20;

type Compress = (raw: Buffer, level: number) => Buffer;

/** The public way: a new context, with some megabytes of fresh memory, for every frame. */
export const compressPublic: Compress = (raw, level) =>
  zstdCompressSync(raw, {
    chunkSize: Math.min(Math.max(1024, Math.ceil(raw.length / 4)), 4 << 20),
    params: params(level),
  });

function params(level: number): Record<number, number> {
  return {
    [constants.ZSTD_c_compressionLevel]: level,
    [constants.ZSTD_c_contentSizeFlag]: 1,
    [constants.ZSTD_c_checksumFlag]: 1,
  };
}

/** What any output of zstd fits in, as ZSTD_compressBound says (zstd.h); more than a frame with its head and checksum needs. */
const boundOf = (bytes: number): number => bytes + (bytes >>> 8) + 1024;

/**
 * One context a level and one output for all frames of a thread: their memory comes from the system once, not with every
 * frame (ADR 109). A context that has ended a frame begins the next with the same parameters (zstd.h, ZSTD_compressStream2).
 * Memory: the context (some 5 MB at level 3) and an output of the largest frame's bound, of which only what was written is
 * really there. Null where this Node's zlib is not as it is known to be.
 */
export function compressorOfOneContext(): Compress | null {
  try {
    const contexts = new Map<number, (raw: Buffer) => Buffer>();
    let output = Buffer.alloc(0);
    const withRoom = (bytes: number): Buffer => {
      if (output.length < bytes) output = Buffer.allocUnsafeSlow(bytes);
      return output;
    };
    const compress: Compress = (raw, level) => {
      if (raw.length === 0 || raw.length > largestKeptBytes) return compressPublic(raw, level);
      let context = contexts.get(level);
      if (context === undefined) {
        context = openContext(level, withRoom);
        contexts.set(level, context);
      }
      try {
        return context(raw);
      } catch {
        // Whatever state it is in: the next frame gets a new one.
        contexts.delete(level);
        return compressPublic(raw, level);
      }
    };
    return passesSelfTest(openContext(1, withRoom)) ? compress : null;
  } catch {
    return null;
  }
}

function openContext(level: number, withRoom: (bytes: number) => Buffer): (raw: Buffer) => Buffer {
  const engine = createZstdCompress({ chunkSize: 64, params: params(level) }) as unknown as {
    readonly _handle: ZlibHandle;
    readonly _writeState: Uint32Array;
  };
  const { _handle: handle, _writeState: state } = engine;
  let failure: string | null = null;
  handle.onerror = (message) => {
    failure = message;
  };
  return (raw) => {
    const room = boundOf(raw.length);
    const target = withRoom(room);
    handle.writeSync(constants.ZSTD_e_end, raw, 0, raw.length, target, 0, room);
    const [roomLeft, sourceLeft] = state;
    // Room that is full might mean that there is more: it cannot be, by the bound.
    if (failure !== null || roomLeft === undefined || roomLeft === 0 || sourceLeft !== 0) {
      throw new Error(failure ?? 'zstd did not end the frame');
    }
    return Buffer.from(target.subarray(0, room - roomLeft));
  };
}

function passesSelfTest(context: (raw: Buffer) => Buffer): boolean {
  const texts = ['', '0', '0123456789 abcdefghij '.repeat(200)].map((text) => Buffer.from(`${text}.`));
  return texts.every((text) => {
    const frame = context(text);
    // Node reads one frame only: a second one behind it would not be seen, its length would.
    return frame.equals(compressPublic(text, 1)) && zstdDecompressSync(frame).equals(text);
  });
}
