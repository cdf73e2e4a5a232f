import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { isComplete } from './sql/completion.ts';
import { RowCounter } from './sql/row-counter.ts';

export interface WrittenTable {
  readonly digest: FileDigest;
  readonly rawBytes: number;
}

/** Writes SQL as one gzip member (readers in the field stop after the first). Memory: a few chunks. */
export async function writeTableFile(
  path: string,
  sql: AsyncIterable<Buffer>,
  options: { readonly mode: number; readonly signal: AbortSignal },
): Promise<WrittenTable> {
  const { mode, signal } = options;
  await using writer = await HashingFileWriter.create(path, { mode });
  let size = 0;
  const counted = async function* () {
    for await (const chunk of sql) {
      size += chunk.length;
      yield chunk;
    }
  };
  try {
    await pipeline(
      counted,
      createGzip({ level: 6, memLevel: 9, chunkSize: 256 * 1024 }),
      async (gz: AsyncIterable<Buffer>) => {
        for await (const chunk of gz) await writer.write(chunk);
      },
      { signal },
    );
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error;
  }
  return { digest: await writer.close(), rawBytes: size };
}

/**
 * Reads a table's file back to its end.
 * @returns the number of rows in it
 * @throws RotaError VERIFICATION_FAILED, ARCHIVE_DAMAGED, FILE_UNREADABLE
 */
export async function verifyTableFile(
  path: string,
  expected: { readonly rawBytes: number; readonly rows?: number },
  options: { readonly signal: AbortSignal; readonly searchPath: string },
): Promise<number> {
  const counter = new RowCounter();
  let size = 0;
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of rawBytes(await openContainer(path, options))) {
    options.signal.throwIfAborted();
    counter.push(chunk);
    size += chunk.length;
    tail = Buffer.concat([tail, chunk.subarray(-100)]).subarray(-100);
  }
  const { rows } = counter;
  const differs =
    size !== expected.rawBytes
      ? `${size} bytes of SQL instead of ${expected.rawBytes}`
      : expected.rows !== undefined && rows !== expected.rows
        ? `${rows} rows instead of ${expected.rows}`
        : isComplete(tail)
          ? null
          : 'no end';
  if (differs === null) return rows;
  throw new RotaError(
    'VERIFICATION_FAILED',
    `${path} reads back with ${differs}; check disk and memory, then dump again with --force.`,
    { facts: { path, size, rows, ...expected } },
  );
}
