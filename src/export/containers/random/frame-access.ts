import { isRotaError } from '../../../core/errors/rota-error.ts';
import { SeekableFile } from '../zst/seekable-file.ts';
import type { BlockAccess, RawBlock } from './block-access.ts';

/** Frames of a seekable zst file. Positions are the frames' numbers. */
export class FrameAccess implements BlockAccess {
  readonly #file: SeekableFile;
  readonly grain = 1;
  #bytesRead = 0;

  private constructor(file: SeekableFile) {
    this.#file = file;
  }

  /** @throws RotaError SEEK_TABLE_INVALID, when the file is not seekable */
  static async open(path: string): Promise<FrameAccess> {
    return new FrameAccess(await SeekableFile.open(path));
  }

  get end(): number {
    return this.#file.table.frames;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  async firstFrom(position: number): Promise<RawBlock | null> {
    for (let frame = position; frame < this.end; frame += 1) {
      const block = await this.#sound(frame);
      if (block !== null) return block;
    }
    return null;
  }

  async lastBefore(position: number): Promise<RawBlock | null> {
    for (let frame = Math.min(position, this.end) - 1; frame >= 0; frame -= 1) {
      const block = await this.#sound(frame);
      if (block !== null) return block;
    }
    return null;
  }

  async after(block: RawBlock): Promise<RawBlock | null> {
    for (let frame = block.position + 1; frame < this.end; frame += 1) {
      const next = await this.#read(frame);
      if (next !== null) return next;
    }
    return null;
  }

  /** Null for one that is damaged, too. */
  async #sound(frame: number): Promise<RawBlock | null> {
    try {
      return await this.#read(frame);
    } catch (error) {
      if (isRotaError(error, 'ARCHIVE_DAMAGED')) return null;
      throw error;
    }
  }

  /** Null for a frame without content: it has no place in the decompressed file. */
  async #read(frame: number): Promise<RawBlock | null> {
    const { rawBytes, rawOffset } = this.#file.table.entry(frame);
    if (rawBytes === 0) return null;
    const read = await this.#file.readAt(rawOffset);
    if (read === null) return null;
    this.#bytesRead += read.entry.bytes;
    return { position: frame, fileOffset: read.entry.offset, bit: 0, raw: read.raw };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file[Symbol.asyncDispose]();
  }
}
