import { constants, createZstdDecompress, zstdCompressSync } from 'node:zlib';
import type { ZlibHandle } from '../../../core/zlib-handle.ts';
import { contentBytesOf } from './frame-walk.ts';

/**
 * Decompresses a frame into the beginning of the target, which is asked for when the frame is known to be whole. Null where
 * that is not possible: the bytes are not exactly one frame, it does not state its size or states another, or it is damaged.
 */
export type DecompressInto = (frame: Buffer, rawBytes: number, target: () => Buffer) => Buffer | null;

type Context = (frame: Buffer, target: Buffer, rawBytes: number) => boolean;

/**
 * One context for all frames of a thread, writing straight into the target (ADR 109). A frame that is whole, and for which there
 * is as much room as it states, is decompressed in one pass (zstd.h, ZSTD_decompressStream), so nothing of it stays in the
 * context. Memory: the context, some 160 kB. Null where this Node's zlib is not as it is known to be.
 */
export function decompressorOfOneContext(): DecompressInto | null {
  try {
    let context: Context | null = null;
    const decompress: DecompressInto = (frame, rawBytes, target) => {
      if (rawBytes === 0 || contentBytesOf(frame) !== rawBytes) return null;
      context ??= openContext();
      const room = target();
      if (context(frame, room, rawBytes)) return room.subarray(0, rawBytes);
      // Whatever state it is in: the next frame gets a new one.
      context = null;
      return null;
    };
    return passesSelfTest(decompress) ? decompress : null;
  } catch {
    return null;
  }
}

function openContext(): Context {
  const engine = createZstdDecompress({ chunkSize: 64 }) as unknown as {
    readonly _handle: ZlibHandle;
    readonly _writeState: Uint32Array;
  };
  const { _handle: handle, _writeState: state } = engine;
  let isBroken = false;
  handle.onerror = () => {
    isBroken = true;
  };
  return (frame, target, rawBytes) => {
    handle.writeSync(constants.ZSTD_e_end, frame, 0, frame.length, target, 0, rawBytes);
    return !isBroken && state[0] === 0 && state[1] === 0;
  };
}

function passesSelfTest(decompress: DecompressInto): boolean {
  const target = Buffer.alloc(5000);
  const params = { [constants.ZSTD_c_checksumFlag]: 1 };
  for (const text of ['0', '0123456789 abcdefghij '.repeat(200), 'another one']) {
    const raw = Buffer.from(text);
    const frame = zstdCompressSync(raw, { params });
    if (decompress(frame, raw.length, () => target)?.equals(raw) !== true) return false;
    // The checksum is compared, and what follows is not disturbed.
    frame[frame.length - 1] = (frame.at(-1) ?? 0) ^ 1;
    if (decompress(frame, raw.length, () => target) !== null) return false;
  }
  return true;
}
