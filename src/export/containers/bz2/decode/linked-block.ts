/** Of level 9, whatever the stream's header says: blocks of all levels are read. */
export const mostSymbols = 900_000;

export interface BlockFacts {
  /** Symbols of the sorted block. */
  readonly length: number;
  /** Which of them the content begins with. */
  readonly origin: number;
  /** Of the content, as the block states it. */
  readonly crc: number;
}

/** Runs of equal symbols, in the order of the block's last column: length << 8 | symbol. */
export interface Runs {
  readonly runs: Uint32Array;
  readonly count: number;
}

/** A block whose last column is known, with the memory (4.5 MB) that it needs: to be used for one after the other. */
export class LinkedBlock implements BlockFacts {
  /**
   * Each symbol of the sorted block, and above it (from bit 8) where the one that follows it stands; or, where `rows` is
   * not 0, the table of a {@link RunTable}.
   */
  readonly links = new Int32Array(mostSymbols);
  /** The symbols in the order of the content, when the links have been followed. */
  readonly symbols = new Uint8Array(mostSymbols);
  length = 0;
  origin = 0;
  crc = 0;
  /** Rows of the table of runs; 0: there are links. */
  rows = 0;

  take({ length, origin, crc }: BlockFacts): void {
    this.length = length;
    this.origin = origin;
    this.crc = crc;
    this.rows = 0;
  }

  /** Puts beside each byte of the last column where the one that follows it stands. */
  link({ runs, count }: Runs): void {
    const { links } = this;
    const counts = new Int32Array(256);
    let length = 0;
    for (let run = 0; run < count; run += 1) {
      const entry = runs[run] ?? 0;
      const byte = entry & 0xff;
      const times = entry >>> 8;
      counts[byte] = (counts[byte] ?? 0) + times;
      if (times < 16) for (let i = 0; i < times; i += 1) links[length + i] = byte;
      else links.fill(byte, length, length + times);
      length += times;
    }
    const next = new Int32Array(256);
    let sum = 0;
    for (let byte = 0; byte < 256; byte += 1) {
      next[byte] = sum;
      sum += counts[byte] ?? 0;
    }
    for (let i = 0; i < length; i += 1) {
      const byte = (links[i] ?? 0) & 0xff;
      const place = next[byte] ?? 0;
      next[byte] = place + 1;
      links[place] = (links[place] ?? 0) | (i << 8);
    }
  }
}
