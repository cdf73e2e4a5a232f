import { type Bz2Block, Bz2BlockFile, type Bz2Fault } from '../bz2/decode/block-file.ts';
import { damaged } from '../read/container.ts';
import type { BlockAccess, RawBlock } from './block-access.ts';

interface PlacedBlock extends RawBlock {
  readonly endBit: number;
}

/** Blocks of a bz2 file, of one or many streams. Positions are bits. */
export class Bz2Access implements BlockAccess {
  readonly #file: Bz2BlockFile;
  /** Less than any block of usual text takes. */
  readonly grain = 8 * 64 * 1024;

  private constructor(file: Bz2BlockFile) {
    this.#file = file;
  }

  static async open(path: string): Promise<Bz2Access> {
    return new Bz2Access(await Bz2BlockFile.open(path));
  }

  get end(): number {
    return this.#file.size * 8;
  }

  get bytesRead(): number {
    return this.#file.bytesRead;
  }

  async firstFrom(position: number): Promise<RawBlock | null> {
    return placed(await this.#file.firstFrom(position));
  }

  async lastBefore(position: number): Promise<RawBlock | null> {
    return placed(await this.#file.lastBefore(position));
  }

  async after(block: PlacedBlock): Promise<RawBlock | null> {
    const next = await this.#file.next(block);
    if (next === 'end') return null;
    if (typeof next !== 'number') throw this.#damaged(next);
    const read = await this.#file.read(next);
    if (!('raw' in read)) throw this.#damaged(read);
    return placedBlock(read);
  }

  #damaged(fault: Bz2Fault) {
    const file = { path: this.#file.path, fileBytes: this.#file.size };
    return damaged(file, { fileOffset: Math.floor(fault.bitOffset / 8), rawOffset: null }, fault.what);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file[Symbol.asyncDispose]();
  }
}

function placed(block: Bz2Block | null): PlacedBlock | null {
  return block === null ? null : placedBlock(block);
}

/** A block as `after` takes it. */
export function placedBlock({ bitOffset, endBit, raw }: Bz2Block): PlacedBlock {
  return { position: bitOffset, endBit, raw, fileOffset: Math.floor(bitOffset / 8), bit: bitOffset % 8 };
}
