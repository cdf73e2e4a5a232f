import { BitReader } from './bit-reader.ts';
import { BlockFault } from './block-fault.ts';
import { HuffmanTable, longestCode } from './huffman.ts';
import { LinkedBlock, mostSymbols } from './linked-block.ts';
import { RunTable } from './run-table.ts';
import { unfold } from './unfold.ts';

const groupSymbols = 50;
const mostSelectors = 18_002;
const mostTables = 6;
const tooLong = 'it is longer than a block can be';

export interface DecodedBlock {
  /** Memory of its own. */
  readonly raw: Buffer;
  /** Offset of the bit behind the block. */
  readonly endBit: number;
}

/**
 * Decodes single bz2 blocks that begin at any bit offset, and proves them by their checksum: whatever else stands before
 * or behind them. So a file can be read from its middle, and what stands before damage is kept to the last block; and
 * files are read where no bzip2 is installed. Memory: 10 MB, and the block's content (at most 47 MB, usually 0.9 MB).
 * The format is told by bzip2's own behaviour and by Joe Tsai's "bzip2: format specification".
 */
export class Bz2BlockDecoder {
  /** For `decode` only: whoever links brings blocks along. */
  #block: LinkedBlock | null = null;
  readonly #selectors = new Uint8Array(mostSelectors);
  readonly #tables = Array.from({ length: mostTables }, () => new HuffmanTable());
  readonly #front = new Uint8Array(256);
  readonly #runs = new Uint32Array(mostSymbols);
  readonly #table = new RunTable();
  readonly #lengths = new Uint8Array(258);

  /**
   * @param bitOffset of the block's magic, which is not looked at
   * @throws BlockFault
   */
  decode(bytes: Buffer, bitOffset: number): DecodedBlock {
    this.#block ??= new LinkedBlock();
    const endBit = this.link(bytes, bitOffset, this.#block);
    return { raw: unfold(this.#block), endBit };
  }

  /**
   * The first half of decoding: everything but following the links, which can be done for several blocks at once (`followLinks`).
   * @param into is written over
   * @returns the offset of the bit behind the block
   * @throws BlockFault
   */
  link(bytes: Buffer, bitOffset: number, into: LinkedBlock): number {
    const reader = new BitReader(bytes, bitOffset + 48);
    try {
      this.#read(reader, into);
      return reader.position;
    } catch (error) {
      // Past the end come zeros: what is wrong with them is the end.
      if (error instanceof BlockFault) reader.check();
      throw error;
    }
  }

  #read(reader: BitReader, into: LinkedBlock): void {
    const crc = ((reader.take(16) << 16) | reader.take(16)) >>> 0;
    if (reader.take(1) === 1) throw new BlockFault('damaged', 'it is randomised, as by bzip2 before 0.9.5');
    const origin = reader.take(24);
    const symbolsInUse = this.#readAlphabet(reader);
    const selectors = this.#readTables(reader, symbolsInUse + 2);
    reader.check();
    const { length, count } = this.#readSymbols(reader, symbolsInUse + 1, selectors);
    reader.check();
    if (origin >= length) throw new BlockFault('damaged', 'its origin lies outside of it');
    into.take({ length, origin, crc });
    const runs = { runs: this.#runs, count };
    if (!this.#table.build(into, runs)) into.link(runs);
  }

  /** The bytes that occur in the block, in `front`; their number. */
  #readAlphabet(reader: BitReader): number {
    const groups = reader.take(16);
    let count = 0;
    for (let group = 0; group < 16; group += 1) {
      if ((groups & (0x8000 >>> group)) === 0) continue;
      const members = reader.take(16);
      for (let i = 0; i < 16; i += 1) {
        if ((members & (0x8000 >>> i)) === 0) continue;
        this.#front[count] = group * 16 + i;
        count += 1;
      }
    }
    if (count === 0) throw new BlockFault('damaged', 'no byte occurs in it');
    return count;
  }

  /** The Huffman codes, and which of them each group of 50 symbols uses; the number of groups. */
  #readTables(reader: BitReader, alphabet: number): number {
    const tables = reader.take(3);
    if (tables < 2 || tables > mostTables) throw new BlockFault('damaged', `it has ${tables} Huffman codes`);
    const groups = reader.take(15);
    if (groups === 0) throw new BlockFault('damaged', 'it has no symbols');
    const order = Uint8Array.from([0, 1, 2, 3, 4, 5]);
    for (let group = 0; group < groups; group += 1) {
      let place = 0;
      while (reader.take(1) === 1) {
        place += 1;
        if (place >= tables) throw new BlockFault('damaged', 'a Huffman code is named that it has not');
      }
      const table = order[place] ?? 0;
      order.copyWithin(1, 0, place);
      order[0] = table;
      // bzip2 reads, but cannot use, more of them than 18,002; some programs write them.
      if (group < mostSelectors) this.#selectors[group] = table;
    }
    for (let table = 0; table < tables; table += 1) this.#readTable(reader, table, alphabet);
    return Math.min(groups, mostSelectors);
  }

  #readTable(reader: BitReader, table: number, alphabet: number): void {
    let length = reader.take(5);
    for (let symbol = 0; symbol < alphabet; symbol += 1) {
      for (;;) {
        if (length < 1 || length > longestCode)
          throw new BlockFault('damaged', 'a Huffman code has a wrong length');
        if (reader.take(1) === 0) break;
        length += reader.take(1) === 0 ? 1 : -1;
      }
      this.#lengths[symbol] = length;
    }
    this.#tables[table]?.build(this.#lengths, alphabet);
  }

  /** Huffman codes, runs and move-to-front: the runs of the sorted block's last column, and their number. */
  #readSymbols(
    reader: BitReader,
    endSymbol: number,
    selectors: number,
  ): { readonly length: number; readonly count: number } {
    const { bytes } = reader;
    const runs = this.#runs;
    let { word, bits, at } = reader;
    const front = this.#front;
    let length = 0;
    let count = 0;
    let run = 0;
    let runWeight = 1;
    for (let group = 0; group < selectors; group += 1) {
      const table = this.#tables[this.#selectors[group] ?? 0];
      if (table === undefined) break;
      const { quick, limit, base, symbols, longest } = table;
      for (let i = 0; i < groupSymbols; i += 1) {
        while (bits <= 24) {
          word |= (bytes[at] ?? 0) << (24 - bits);
          at += 1;
          bits += 8;
        }
        const entry = quick[word >>> 22] ?? 0;
        let symbol = entry >>> 5;
        let width = entry & 31;
        if (width === 0) {
          const next = word >>> 12;
          width = 11;
          while (width <= longest && next >= (limit[width] ?? 0)) width += 1;
          if (width > longest) {
            throw symbolFault(reader, at, bits, 'what stands there is no Huffman code');
          }
          symbol = symbols[(next >>> (longestCode - width)) - (base[width] ?? 0)] ?? 0;
        }
        word <<= width;
        bits -= width;
        if (symbol <= 1) {
          run += runWeight << symbol;
          runWeight <<= 1;
          if (run > mostSymbols) throw symbolFault(reader, at, bits, tooLong);
          continue;
        }
        if (run > 0) {
          if (length + run > mostSymbols) throw symbolFault(reader, at, bits, tooLong);
          // The front is what came last, unless nothing has.
          if (count === 0) {
            runs[0] = (run << 8) | (front[0] ?? 0);
            count = 1;
          } else runs[count - 1] = (runs[count - 1] ?? 0) + (run << 8);
          length += run;
          run = 0;
          runWeight = 1;
        }
        if (symbol === endSymbol) {
          reader.word = word;
          reader.bits = bits;
          reader.at = at;
          return { length, count };
        }
        if (length >= mostSymbols) throw symbolFault(reader, at, bits, tooLong);
        const place = symbol - 1;
        const byte = front[place] ?? 0;
        if (place < 16) for (let j = place; j > 0; j -= 1) front[j] = front[j - 1] ?? 0;
        else front.copyWithin(1, 0, place);
        front[0] = byte;
        runs[count] = 0x100 | byte;
        count += 1;
        length += 1;
      }
      if (at - 4 > bytes.length) break;
    }
    throw symbolFault(reader, at, bits, 'its end is missing');
  }
}

/** Tells the reader how far the hot loop has come, so that its caller can tell a cut from damage. */
function symbolFault(reader: BitReader, at: number, bits: number, what: string): BlockFault {
  reader.at = at;
  reader.bits = bits;
  return new BlockFault('damaged', what);
}
