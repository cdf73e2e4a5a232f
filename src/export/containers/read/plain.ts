import { open } from 'node:fs/promises';
import { toRotaError } from '../../../core/errors/rota-error.ts';
import type { ContainerChunk, ContainerFile, ReadOptions } from './container.ts';

const plainChunkBytes = 256 * 1024;

/** The bytes of a file, or of a range of it, as they are. Each chunk has its own memory. */
export async function* readPlain(
  file: ContainerFile,
  options: Pick<ReadOptions, 'signal'>,
  range: { readonly start: number; readonly end: number } = { start: 0, end: Number.POSITIVE_INFINITY },
  chunkBytes = plainChunkBytes,
): AsyncGenerator<ContainerChunk, void, void> {
  const handle = await open(file.path).catch((error: unknown) => {
    throw unreadable(file.path, error);
  });
  try {
    let at = range.start;
    while (at < range.end) {
      options.signal.throwIfAborted();
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, range.end - at));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at).catch((error: unknown) => {
        throw unreadable(file.path, error);
      });
      if (bytesRead === 0) return;
      at += bytesRead;
      yield { bytes: buffer.subarray(0, bytesRead), rawOffset: at - bytesRead, fileOffset: at };
    }
  } finally {
    await handle.close();
  }
}

export function unreadable(path: string, error: unknown) {
  return toRotaError(
    error,
    'FILE_UNREADABLE',
    (cause) => `${path} cannot be read (${cause}); check its name and who may read it.`,
  );
}
