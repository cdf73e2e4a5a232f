import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { isFullDisk } from '../../../core/errors/is-full-disk.ts';
import { toRotaError } from '../../../core/errors/rota-error.ts';
import { StagedFile } from './staged-file.ts';

/** Where finished bytes go. Disposed of without `finish`, it leaves nothing behind. */
export interface ByteSink extends AsyncDisposable {
  write(bytes: Buffer): Promise<void>;
  finish(): Promise<void>;
}

/**
 * A file that appears under its name when it is whole and on the disk; until then it is called `NAME.part`. A device or
 * a pipe is written to as it is.
 */
export class FileSink implements ByteSink {
  readonly #path: string;
  readonly #staged: StagedFile;
  #handle: FileHandle | null;

  private constructor(staged: StagedFile, handle: FileHandle) {
    this.#path = staged.path;
    this.#staged = staged;
    this.#handle = handle;
    staged.opened(handle.fd);
  }

  /** @throws RotaError OUTPUT_UNWRITABLE */
  static async open(path: string): Promise<FileSink> {
    try {
      const staged = StagedFile.prepare(path);
      return new FileSink(staged, await open(staged.written, staged.flag));
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  async write(bytes: Buffer): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = (await this.#handle?.write(bytes, done, bytes.length - done)) ?? {
          bytesWritten: bytes.length,
        };
        done += bytesWritten;
      }
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  async finish(): Promise<void> {
    try {
      await this.#handle?.sync().catch(unlessUnsynced);
      await this.#handle?.close();
      this.#staged.publish();
      this.#handle = null;
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#handle === null) return;
    // Closed already where publishing it failed.
    await this.#handle.close();
    this.#handle = null;
    this.#staged.discard();
  }
}

/** A pipe, such as standard output; it stays open. */
export class StreamSink implements ByteSink {
  readonly #stream: Writable;
  readonly #signal: AbortSignal;

  constructor(stream: Writable, signal: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
  }

  async write(bytes: Buffer): Promise<void> {
    this.#signal.throwIfAborted();
    if (bytes.length > 0 && !this.#stream.write(bytes))
      await once(this.#stream, 'drain', { signal: this.#signal });
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** A device or a pipe cannot be synced, and need not be. */
function unlessUnsynced(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EINVAL') throw error;
}

export function unwritable(path: string, error: unknown) {
  const isFull = isFullDisk(error);
  return toRotaError(error, isFull ? 'DISK_FULL' : 'OUTPUT_UNWRITABLE', (cause) =>
    isFull
      ? `${path} could not be written: the disk is full; make room and run it again.`
      : `${path} could not be written (${cause}); check the folder, its rights and the disk.`,
  );
}
