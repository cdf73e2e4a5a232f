import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { BundleLine, LaneReport } from '../../../dumping/piece/piece-spec.ts';

/** One compressed bundle as it lies in a piece's file. */
export interface Bundle extends BundleLine {
  readonly bytes: Buffer;
  /** The piece that it comes from. */
  readonly piece: string;
}

/**
 * Reads one lane's file of a piece, bundle by bundle, and checks it against the checksum that was committed.
 * Memory: one bundle and the piece's list of bundles.
 * @throws RotaError PIECE_DAMAGED, at the latest after the last bundle
 */
export async function* readBundles(
  piece: { readonly id: string; readonly folder: string; readonly report: LaneReport },
  signal: AbortSignal,
): AsyncGenerator<Bundle, void, void> {
  const { report, folder, id } = piece;
  const path = join(folder, report.file);
  const damaged = (what: string, cause?: unknown) =>
    new RotaError('PIECE_DAMAGED', `${path}: ${what}; it is made again`, {
      cause,
      facts: { piece: id, path },
    });
  const lines = await readLines(join(folder, report.bundlesFile)).catch((cause: unknown) => {
    throw damaged('its list of bundles cannot be read', cause);
  });
  const hash = createHash('sha256');
  await using file = await open(path, 'r').catch((cause: unknown) => {
    throw damaged('it cannot be opened', cause);
  });
  let at = 0;
  for (const line of lines) {
    signal.throwIfAborted();
    const bytes = await readAt(file, at, line.length);
    if (bytes.length < line.length)
      throw damaged(`it ends at byte ${at + bytes.length} of ${report.sizeBytes}`);
    hash.update(bytes);
    at += line.length;
    yield { ...line, bytes, piece: id };
  }
  if (at !== report.sizeBytes || hash.digest('hex') !== report.sha256) {
    throw damaged('its SHA-256 is not the one that was committed');
  }
}

/** The number of blocks, for the splicer, where the compressor told it. */
export function blocksOf(bundle: Bundle): { readonly blocks?: number } {
  return bundle.blocks === undefined ? {} : { blocks: bundle.blocks };
}

async function readLines(path: string): Promise<BundleLine[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BundleLine);
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
