import { zstdDecompressSync } from 'node:zlib';
import { toRotaError } from '../../../core/errors/rota-error.ts';
import { compressorOfOneContext, compressPublic } from './one-context.ts';

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

/**
 * What one frame holds.
 * @param bytes exactly one frame: what follows it would be ignored without a word (zlib stops after the first)
 * @throws RotaError ARCHIVE_DAMAGED
 */
export function readZstFrame(bytes: Buffer, rawBytes: number): Buffer {
  try {
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
