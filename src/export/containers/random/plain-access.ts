import { FileWindow } from '../file-window.ts';
import type { BlockAccess, RawBlock } from './block-access.ts';

const blockBytes = 256 * 1024;

/** Pieces of a file that is not compressed. Positions are bytes; a block may begin at any. */
export class PlainAccess implements BlockAccess {
  readonly #file: FileWindow;
  readonly grain = blockBytes;

  private constructor(file: FileWindow) {
    this.#file = file;
  }

  static async open(path: string): Promise<PlainAccess> {
    return new PlainAccess(await FileWindow.open(path));
  }

  get end(): number {
    return this.#file.size;
  }

  get bytesRead(): number {
    return this.#file.bytesRead;
  }

  async firstFrom(position: number): Promise<RawBlock | null> {
    const raw = await this.#file.read(position, blockBytes);
    return raw.length === 0 ? null : { position, fileOffset: position, bit: 0, raw };
  }

  async lastBefore(position: number): Promise<RawBlock | null> {
    const end = Math.min(position, this.end);
    const start = Math.max(0, end - blockBytes);
    const raw = await this.#file.read(start, end - start);
    return raw.length === 0 ? null : { position: start, fileOffset: start, bit: 0, raw };
  }

  after(block: RawBlock): Promise<RawBlock | null> {
    return this.firstFrom(block.position + block.raw.length);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file[Symbol.asyncDispose]();
  }
}
