import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type ContainerChunk, type ContainerFormat, damaged, type ReadOptions } from './container.ts';
import { detectFormat } from './open-container.ts';
import { readBz2Stream } from './program-reader.ts';

export interface StreamContainer {
  readonly format: ContainerFormat;
  /** The decompressed content; may be taken once. */
  readonly chunks: AsyncGenerator<ContainerChunk, void, void>;
}

/**
 * Opens what comes through a pipe, plain or compressed by gzip or bzip2. (zst and 7z need a file: their parts are found
 * by reading here and there.)
 * @param name as in "standard input"
 * @throws RotaError USAGE
 */
export async function openStream(
  input: AsyncIterable<Buffer>,
  name: string,
  options: ReadOptions,
): Promise<StreamContainer> {
  const source = placed(input);
  const held: ContainerChunk[] = [];
  let start: Buffer = Buffer.alloc(0);
  while (start.length < 6) {
    const next = await source.next();
    if (next.done === true) break;
    held.push(next.value);
    start = Buffer.concat([start, next.value.bytes.subarray(0, 6)]);
  }
  const whole = (async function* () {
    yield* held;
    yield* source;
  })();
  const file = { path: name, fileBytes: null };
  const format = detectFormat(start.subarray(0, 6));
  switch (format) {
    case 'plain':
      return { format, chunks: whole };
    case 'bz2':
      return { format, chunks: readBz2Stream(file, whole, options) };
    case 'gz':
      return { format, chunks: readGzStream(whole, name, options.signal) };
    default:
      throw new RotaError(
        'USAGE',
        `${name} is ${format}, which cannot be read from a pipe; name the file, or decompress it before: ` +
          `${format === 'zst' ? 'zstd -dc' : '7zz x -so'} FILE | rota …`,
      );
  }
}

async function* placed(input: AsyncIterable<Buffer>): AsyncGenerator<ContainerChunk, void, void> {
  let at = 0;
  for await (const bytes of input) {
    if (bytes.length === 0) continue;
    at += bytes.length;
    yield { bytes, rawOffset: at - bytes.length, fileOffset: at };
  }
}

async function* readGzStream(
  input: AsyncIterable<ContainerChunk>,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<ContainerChunk, void, void> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  let given = 0;
  const source = Readable.from(
    (async function* () {
      for await (const chunk of input) {
        given += chunk.bytes.length;
        yield chunk.bytes;
      }
    })(),
    { objectMode: true, highWaterMark: 1 },
  );
  source.once('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  const file = { path: name, fileBytes: null };
  let rawOffset = 0;
  try {
    for await (const bytes of gunzip as AsyncIterable<Buffer>) {
      yield { bytes, rawOffset, fileOffset: gunzip.bytesWritten };
      rawOffset += bytes.length;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RotaError) throw error;
    const what = error instanceof Error ? error.message : String(error);
    throw damaged(file, { fileOffset: gunzip.bytesWritten, rawOffset }, what, error);
  } finally {
    gunzip.destroy();
    source.destroy();
  }
  if (gunzip.bytesWritten < given) {
    throw damaged(
      file,
      { fileOffset: gunzip.bytesWritten, rawOffset },
      'what follows there is no gzip member',
    );
  }
}
