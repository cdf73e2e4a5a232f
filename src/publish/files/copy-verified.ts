import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { Clock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { DigestBuilder, type FileDigest } from './file-digest.ts';
import { systemCode } from './file-failure.ts';
import { HashingFileWriter } from './hashing-file-writer.ts';

/** A file as it was recorded by the one who wrote it. */
export interface CommittedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /**
   * On a shared file system another host's file may be invisible or short for up to a minute (negative caches of NFS):
   * with this, a committed path is looked at again until it has its size.
   */
  readonly patience?: { readonly clock: Clock; readonly withinMs: number };
}

const chunkBytes = 1 << 20;
const pollMs = 1_000;

/** Resolves when the committed file is visible in its full size; CHECKSUM_MISMATCH otherwise. */
export async function awaitCommitted(file: CommittedFile, options: ReadOptions = {}): Promise<void> {
  const { patience, signal } = options;
  const startMs = patience?.clock.monotonicMs() ?? 0;
  for (;;) {
    signal?.throwIfAborted();
    const sizeBytes = await sizeOf(file.path);
    if (sizeBytes === file.sizeBytes) return;
    if (patience === undefined || patience.clock.monotonicMs() - startMs >= patience.withinMs) {
      const found = sizeBytes === null ? 'missing' : `${sizeBytes} bytes long`;
      throw new RotaError(
        'CHECKSUM_MISMATCH',
        `${file.path} is ${found}, but ${file.sizeBytes} bytes were committed; check the file system, then resume the run`,
        { facts: { path: file.path, expectedBytes: file.sizeBytes, foundBytes: sizeBytes } },
      );
    }
    await patience.clock.sleep(pollMs, signal);
  }
}

/**
 * Appends a committed file to a writer, hashing what is read. The writer must be thrown away when this fails: the
 * mismatch is only known after the last byte.
 */
export async function appendVerified(
  writer: Pick<HashingFileWriter, 'write'>,
  file: CommittedFile,
  options: ReadOptions = {},
): Promise<void> {
  await awaitCommitted(file, options);
  const hash = createHash('sha256');
  for await (const chunk of readChunks(file.path, options.signal)) {
    hash.update(chunk);
    await writer.write(chunk);
  }
  const sha256 = hash.digest('hex');
  if (sha256 !== file.sha256) throw contentDiffers(file, sha256);
}

/** Copies a committed file to a new path, checks it on the way and gives all its checksums. */
export async function copyVerified(
  file: CommittedFile,
  target: string,
  options: ReadOptions & { readonly mode?: number } = {},
): Promise<FileDigest> {
  await awaitCommitted(file, options);
  await using writer = await HashingFileWriter.create(
    target,
    options.mode === undefined ? {} : { mode: options.mode },
  );
  await appendVerified(writer, file, options);
  return await writer.close();
}

/** Reads a file through once for its checksums. Throws the system's error when it cannot be read. */
export async function digestFile(path: string, signal?: AbortSignal): Promise<FileDigest> {
  const builder = new DigestBuilder();
  for await (const chunk of readChunks(path, signal)) builder.update(chunk);
  return builder.finish();
}

/** The chunks share one buffer: each is valid until the next is asked for. */
async function* readChunks(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function contentDiffers(file: CommittedFile, found: string): RotaError {
  return new RotaError(
    'CHECKSUM_MISMATCH',
    `${file.path} has SHA-256 ${found}, but ${file.sha256} was committed; check the disk, then resume the run`,
    { facts: { path: file.path, expected: file.sha256, found } },
  );
}
