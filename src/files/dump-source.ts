import type { ContainerChunk, ContainerFormat, ReadOptions } from '../export/containers/read/container.ts';
import { openContainer } from '../export/containers/read/open-container.ts';
import { openStream } from '../export/containers/read/open-stream.ts';

/** What the tools have of their surroundings. */
export interface FileTools extends ReadOptions {
  readonly threads: number;
  /** What `-` reads. */
  readonly stdin: AsyncIterable<Buffer>;
}

/** A dump file, or standard input, as the tools see it. */
export interface DumpSource {
  /** As it was named; "standard input" for `-`. */
  readonly name: string;
  readonly format: ContainerFormat;
  /** Null for standard input. */
  readonly path: string | null;
  readonly fileBytes: number | null;
  /**
   * The decompressed content. Of standard input only once.
   * @throws RotaError ARCHIVE_DAMAGED and others, as `Container.chunks`
   */
  chunks(): AsyncGenerator<ContainerChunk, void, void>;
}

/**
 * @param named as the user named it; `-` is standard input
 * @param path the same, resolved
 * @throws RotaError FILE_UNREADABLE, USAGE
 */
export async function openSource(named: string, path: string, tools: FileTools): Promise<DumpSource> {
  if (named !== '-') {
    const container = await openContainer(path, tools);
    const { format, fileBytes } = container;
    return { name: named, format, path, fileBytes, chunks: () => container.chunks() };
  }
  const name = 'standard input';
  const { format, chunks } = await openStream(tools.stdin, name, tools);
  return { name, format, path: null, fileBytes: null, chunks: () => chunks };
}

/** Only the bytes. */
export async function* rawBytesOf(source: Pick<DumpSource, 'chunks'>): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of source.chunks()) yield chunk.bytes;
}
