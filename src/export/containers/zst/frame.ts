import { zstdDecompressSync } from 'node:zlib';
import { toRotaError } from '../../../core/errors/rota-error.ts';
import { contentBytesOf } from './frame-walk.ts';
import { type DecompressInto, decompressorOfOneContext } from './read-context.ts';
import { compressorOfOneContext, compressPublic } from './write-context.ts';

export interface ZstFrame {
  readonly bytes: Buffer;
  readonly rawBytes: number;
}

/** zstd's own default: on dumps, level 3 gives most of the ratio at 300 MB/s. */
export const defaultZstLevel = 3;

/** Made with the first frame: most commands make none. */
let compress: typeof compressPublic | null = null;

/** One independent zstd frame that states its content's size and carries its checksum. */
export function zstFrame(raw: Buffer, level = defaultZstLevel): ZstFrame {
  compress ??= compressorOfOneContext() ?? compressPublic;
  return { bytes: compress(raw, level), rawBytes: raw.length };
}

let decompressInto: DecompressInto | null | undefined;

/** Undefined until the first frame: most commands read none. */
function intoTarget(): DecompressInto | null {
  if (decompressInto === undefined) decompressInto = decompressorOfOneContext();
  return decompressInto;
}

/**
 * What one frame holds.
 * @param bytes exactly one frame: what follows it may be ignored without a word (zlib stops after the first)
 * @param target is asked for memory of at least so many bytes, which the answer may lie in; by default it has memory of its own
 * @throws RotaError ARCHIVE_DAMAGED
 */
export function readZstFrame(
  bytes: Buffer,
  rawBytes: number,
  target: () => Buffer = () => Buffer.allocUnsafeSlow(rawBytes),
): Buffer {
  try {
    const raw = intoTarget()?.(bytes, rawBytes, target) ?? null;
    if (raw !== null) return raw;
    // It takes other frames, too, and says what is wrong.
    return zstdDecompressSync(bytes, {
      chunkSize: Math.max(1024, rawBytes + 1),
      maxOutputLength: rawBytes + 1,
    });
  } catch (error) {
    throw toRotaError(
      error,
      'ARCHIVE_DAMAGED',
      (cause) =>
        `A zst frame of ${bytes.length} bytes cannot be decompressed (${cause}); the file is damaged.`,
    );
  }
}

/** Reads frames one after the other in memory that is used again. Memory: the largest frame's content. */
export class ZstFrameReader {
  #target = Buffer.alloc(0);

  /**
   * As {@link readZstFrame}; valid until the next call.
   * @param rawBytes by default what the frame states
   */
  read(bytes: Buffer, rawBytes = contentBytesOf(bytes)): Buffer {
    if (rawBytes === null) return zstdDecompressSync(bytes);
    return readZstFrame(bytes, rawBytes, () => {
      if (this.#target.length < rawBytes) this.#target = Buffer.allocUnsafeSlow(rawBytes);
      return this.#target;
    });
  }
}
