import { type FileHandle, open } from 'node:fs/promises';
import { unreadable } from './read/plain.ts';

/** A file that is read here and there. Keeps the part that was read last; counts what it reads. */
export class FileWindow implements AsyncDisposable {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;
  #start = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #bytesRead = 0;

  private constructor(path: string, handle: FileHandle, size: number) {
    this.path = path;
    this.#handle = handle;
    this.size = size;
  }

  /** @throws RotaError FILE_UNREADABLE */
  static async open(path: string): Promise<FileWindow> {
    const handle = await open(path).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    try {
      return new FileWindow(path, handle, (await handle.stat()).size);
    } catch (error) {
      await handle.close();
      throw unreadable(path, error);
    }
  }

  /** Bytes read from the file so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** The bytes from an offset, as many as asked for unless the file ends before. Not to be changed. */
  async read(offset: number, length: number): Promise<Buffer> {
    const end = Math.min(this.size, offset + length);
    if (offset >= end) return Buffer.alloc(0);
    const kept = this.#start + this.#bytes.length;
    if (offset < this.#start || offset > kept) {
      this.#bytes = await this.#fetch(offset, end);
      this.#start = offset;
    } else if (end > kept) {
      const rest = await this.#fetch(kept, end);
      this.#bytes = Buffer.concat([this.#bytes.subarray(offset - this.#start), rest]);
      this.#start = offset;
    }
    return this.#bytes.subarray(offset - this.#start, end - this.#start);
  }

  async #fetch(from: number, to: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(to - from);
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await this.#handle
        .read(bytes, done, bytes.length - done, from + done)
        .catch((error: unknown) => {
          throw unreadable(this.path, error);
        });
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    this.#bytesRead += done;
    return bytes.subarray(0, done);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#handle.close();
  }
}
