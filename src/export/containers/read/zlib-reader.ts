import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { isRotaError, RotaError } from '../../../core/errors/rota-error.ts';
import { walkFrame } from '../zst/frame-walk.ts';
import { type ContainerChunk, type ContainerFile, damaged, type ReadOptions } from './container.ts';
import { readPlain, unreadable } from './plain.ts';

const outputChunkBytes = 256 * 1024;
/** Small, because of a damaged input chunk zlib gives nothing out, also not what it read before the damage. */
const inputChunkBytes = 32 * 1024;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A gzip file of any number of members. */
export async function* readGz(
  file: ContainerFile,
  options: ReadOptions,
): AsyncGenerator<ContainerChunk, void, void> {
  const gunzip = createGunzip({ chunkSize: outputChunkBytes });
  let rawOffset = 0;
  for await (const bytes of decode(
    file,
    options,
    gunzip,
    { start: 0, end: file.fileBytes },
    () => rawOffset,
  )) {
    yield { bytes, rawOffset, fileOffset: gunzip.bytesWritten };
    rawOffset += bytes.length;
  }
  // zlib stops without a word at what follows a member without being one: the rest of the file would be lost.
  const fileOffset = gunzip.bytesWritten;
  if (
    fileOffset < file.fileBytes &&
    !(await isZero(file, options, { start: fileOffset, end: file.fileBytes }))
  ) {
    throw damaged(file, { fileOffset, rawOffset }, 'what follows there is no gzip member');
  }
}

/** A zst file of any number of frames; skippable ones (a seek table) give nothing. */
export async function* readZst(
  file: ContainerFile,
  options: ReadOptions,
): AsyncGenerator<ContainerChunk, void, void> {
  const handle = await open(file.path).catch((error: unknown) => {
    throw unreadable(file.path, error);
  });
  const readAt = async (offset: number, length: number): Promise<Buffer> => {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
  try {
    let rawOffset = 0;
    let offset = 0;
    while (offset < file.fileBytes) {
      options.signal.throwIfAborted();
      // Node's decoder ends at the end of a frame and drops what follows: it is given one frame at a time.
      const frame = await walkFrame(readAt, offset, file.fileBytes);
      if ('what' in frame) {
        for await (const bytes of decodeCut(file, options, { start: offset, end: frame.offset })) {
          yield { bytes, rawOffset, fileOffset: frame.offset };
          rawOffset += bytes.length;
        }
        throw damaged(file, { fileOffset: frame.offset, rawOffset }, frame.what);
      }
      const range = { start: offset, end: offset + frame.bytes };
      if (!frame.isSkippable) {
        const decoder = createZstdDecompress({ chunkSize: outputChunkBytes });
        for await (const bytes of decode(file, options, decoder, range, () => rawOffset)) {
          yield { bytes, rawOffset, fileOffset: offset + decoder.bytesWritten };
          rawOffset += bytes.length;
        }
      }
      offset = range.end;
    }
  } finally {
    await handle.close();
  }
}

/** What a frame without its end still gives. */
async function* decodeCut(
  file: ContainerFile,
  options: ReadOptions,
  range: Range,
): AsyncGenerator<Buffer, void, void> {
  if (range.end <= range.start) return;
  try {
    yield* decode(file, options, createZstdDecompress({ chunkSize: outputChunkBytes }), range, () => 0);
  } catch (error) {
    if (!isRotaError(error, 'ARCHIVE_DAMAGED')) throw error;
  }
}

async function* decode(
  file: ContainerFile,
  options: ReadOptions,
  decoder: Gunzip | ZstdDecompress,
  range: Range,
  rawOffset: () => number,
): AsyncGenerator<Buffer, void, void> {
  const source = Readable.from(bytesOf(readPlain(file, options, range, inputChunkBytes)), {
    objectMode: true,
    highWaterMark: 1,
  });
  source.once('error', (error) => decoder.destroy(error));
  source.pipe(decoder);
  try {
    for await (const bytes of decoder) yield bytes;
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof RotaError) throw error;
    const what = error instanceof Error ? error.message : String(error);
    throw damaged(
      file,
      { fileOffset: range.start + decoder.bytesWritten, rawOffset: rawOffset() },
      what,
      error,
    );
  } finally {
    decoder.destroy();
    source.destroy();
  }
}

async function* bytesOf(chunks: AsyncIterable<ContainerChunk>): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of chunks) yield chunk.bytes;
}

/** Padding of zeros is common on tapes and block devices and harmless. */
async function isZero(file: ContainerFile, options: ReadOptions, range: Range): Promise<boolean> {
  for await (const chunk of readPlain(file, options, range)) {
    if (chunk.bytes.some((byte) => byte !== 0)) return false;
  }
  return true;
}
