import { open } from 'node:fs/promises';
import { isStreamHeader } from '../bz2/layout.ts';
import type { Container, ContainerFormat, ReadOptions } from './container.ts';
import { readPlain, unreadable } from './plain.ts';
import { read7z, readBz2 } from './program-reader.ts';
import { readGz, readZst } from './zlib-reader.ts';

const readers = { bz2: readBz2, gz: readGz, zst: readZst, '7z': read7z, plain: readPlain } as const;

/**
 * Opens a dump file, whatever it is compressed with; its first bytes tell, not its name. Memory: a few chunks of
 * 256 KiB, beside what the decoder needs (bz2 and 7z run as programs of their own).
 * @throws RotaError FILE_UNREADABLE
 */
export async function openContainer(path: string, options: ReadOptions): Promise<Container> {
  const handle = await open(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(6), 0, 6, 0);
    const format = detectFormat(buffer.subarray(0, bytesRead));
    const file = { path, fileBytes: size };
    return { ...file, format, chunks: () => readers[format](file, options) };
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await handle.close();
  }
}

/** @param start the first 6 bytes of a file, or all that it has */
export function detectFormat(start: Buffer): ContainerFormat {
  if (isStreamHeader(start)) return 'bz2';
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gz';
  if (start.length < 4) return 'plain';
  const magic = start.readUInt32LE(0);
  if (magic === 0xfd2fb528 || magic >>> 4 === 0x184d2a5) return 'zst';
  return start.equals(Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])) ? '7z' : 'plain';
}

/** Only the bytes of a container's chunks, for readers that need no offsets. */
export async function* rawBytes(container: Container): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of container.chunks()) yield chunk.bytes;
}
