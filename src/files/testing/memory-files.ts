import type { DumpWriter } from '../../export/containers/write/dump-writer.ts';
import type { DumpSource } from '../dump-source.ts';

/** A plain dump in memory, given in chunks of a size; it has no path, so that it is read from its start. */
export function memorySource(content: string | Buffer, name = 'memory', chunkBytes = 1000): DumpSource {
  const bytes = Buffer.from(content);
  return {
    name,
    format: 'plain',
    path: null,
    fileBytes: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        yield { bytes: bytes.subarray(at, at + chunkBytes), rawOffset: at, fileOffset: at + chunkBytes };
      }
    },
  };
}

/** Keeps what is written, once it is finished. */
export class MemoryWriter implements DumpWriter {
  readonly #written: Buffer[] = [];
  content: string | null = null;

  write(bytes: Buffer): Promise<void> {
    this.#written.push(Buffer.from(bytes));
    return Promise.resolve();
  }

  finish(): Promise<void> {
    this.content = Buffer.concat(this.#written).toString();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
