const idsPerBlock = 1 << 18;

/** A set of ids as bits in blocks that are made when first needed: 32 KiB for every 262,144 ids in use. */
export class IdSet {
  readonly #blocks = new Map<number, Uint8Array>();

  /** @returns whether the id was new */
  add(id: number): boolean {
    const key = Math.floor(id / idsPerBlock);
    let block = this.#blocks.get(key);
    if (!block) {
      block = new Uint8Array(idsPerBlock / 8);
      this.#blocks.set(key, block);
    }
    const within = id % idsPerBlock;
    const byte = within >> 3;
    const bit = 1 << (within & 7);
    const before = block[byte] ?? 0;
    block[byte] = before | bit;
    return (before & bit) === 0;
  }

  has(id: number): boolean {
    const within = id % idsPerBlock;
    const byte = this.#blocks.get(Math.floor(id / idsPerBlock))?.[within >> 3] ?? 0;
    return (byte & (1 << (within & 7))) !== 0;
  }

  /** Ascending. */
  *ids(): Generator<number, void, undefined> {
    for (const [key, block] of [...this.#blocks].sort(([a], [b]) => a - b)) {
      for (const [at, byte] of block.entries()) {
        for (let bit = 0; byte >> bit !== 0; bit++) {
          if (((byte >> bit) & 1) === 1) yield key * idsPerBlock + at * 8 + bit;
        }
      }
    }
  }
}
