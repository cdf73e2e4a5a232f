import type { BlockAccess, RawBlock } from '../../export/containers/random/block-access.ts';

/** Content in memory, cut into blocks at given places; positions are offsets in the content. Counts the blocks read. */
export class MemoryAccess implements BlockAccess {
  readonly end: number;
  readonly grain: number;
  bytesRead = 0;
  blocksRead = 0;
  readonly #blocks: readonly RawBlock[];

  constructor(content: Buffer, cuts: readonly number[], grain = 1) {
    const places = [
      ...new Set([0, ...cuts.filter((cut) => cut > 0 && cut < content.length), content.length]),
    ].sort((a, b) => a - b);
    this.#blocks = places.slice(0, -1).map((position, i) => ({
      position,
      fileOffset: position,
      bit: 0,
      raw: content.subarray(position, places[i + 1]),
    }));
    this.end = content.length;
    this.grain = grain;
  }

  get blocks(): number {
    return this.#blocks.length;
  }

  firstFrom(position: number): Promise<RawBlock | null> {
    return this.#give(this.#blocks.find((block) => block.position >= position));
  }

  lastBefore(position: number): Promise<RawBlock | null> {
    return this.#give(this.#blocks.findLast((block) => block.position < position));
  }

  after(block: RawBlock): Promise<RawBlock | null> {
    return this.firstFrom(block.position + 1);
  }

  #give(block: RawBlock | undefined): Promise<RawBlock | null> {
    if (block !== undefined) {
      this.blocksRead += 1;
      this.bytesRead += block.raw.length;
    }
    return Promise.resolve(block ?? null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** Cuts every so many bytes. */
export function everyBytes(length: number, step: number): readonly number[] {
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => (i + 1) * step);
}
