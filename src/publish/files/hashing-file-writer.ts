import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './durable.ts';
import { DigestBuilder, type FileDigest } from './file-digest.ts';
import { writeFailure, writing } from './file-failure.ts';

/**
 * A new file whose checksums are known when it is closed, without a second read. `write` resolves when the bytes are
 * with the system, so awaiting it is the back-pressure. Leaving an `await using` block without `close` removes the file.
 */
export class HashingFileWriter implements AsyncDisposable {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #digest = new DigestBuilder();
  #open = true;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Creates the file; one that exists is an error (attempts have folders of their own). */
  static async create(path: string, options: { readonly mode?: number } = {}): Promise<HashingFileWriter> {
    const handle = await writing('create', path, () => open(path, 'wx', options.mode ?? 0o644));
    return new HashingFileWriter(path, handle);
  }

  /** Bytes written so far. */
  get sizeBytes(): number {
    return this.#digest.sizeBytes;
  }

  /** Calls must not overlap. */
  async write(chunk: Uint8Array): Promise<void> {
    this.#digest.update(chunk);
    await writing('write', this.path, async () => {
      // A write may take only a part of the bytes, above all when the disk is nearly full.
      for (let done = 0; done < chunk.byteLength; ) {
        const { bytesWritten } = await this.#handle.write(chunk, done, chunk.byteLength - done);
        done += bytesWritten;
      }
    });
  }

  /** Makes file and name durable and gives the checksums; on a failure the file is removed. */
  async close(): Promise<FileDigest> {
    try {
      await this.#handle.sync();
      this.#open = false;
      await this.#handle.close();
      await syncFolder(dirname(this.path));
    } catch (error) {
      await this.#discard();
      throw writeFailure(error, 'finish', this.path);
    }
    return this.#digest.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) await this.#discard();
  }

  async #discard(): Promise<void> {
    if (this.#open) {
      this.#open = false;
      // The failure that leads here is what is reported; a second one of the same disk adds nothing.
      await this.#handle.close().catch(() => undefined);
    }
    await rm(this.path, { force: true });
  }
}
