import { BlockFault } from './block-fault.ts';

/** No code is longer. */
export const longestCode = 20;
const quickBits = 10;
const mostSymbols = 258;

/** One of a block's Huffman codes, built anew for each block in the same memory (10 kB). */
export class HuffmanTable {
  /** Symbol and length (symbol << 5 | length) by the next 10 bits; 0 where the code is longer. */
  readonly quick = new Uint16Array(1 << quickBits);
  /** By length: the greatest code, left-aligned in 20 bits, and one more. */
  readonly limit = new Int32Array(longestCode + 2);
  /** By length: what is taken from a code to get its place in `symbols`. */
  readonly base = new Int32Array(longestCode + 2);
  readonly symbols = new Uint16Array(mostSymbols);
  shortest = 0;
  longest = 0;

  /** @param lengths of the codes of the symbols from 0: 1 to 20 bits */
  build(lengths: Uint8Array, count: number): void {
    const perLength = new Int32Array(longestCode + 2);
    for (let symbol = 0; symbol < count; symbol += 1) {
      const length = lengths[symbol] ?? 0;
      perLength[length] = (perLength[length] ?? 0) + 1;
    }
    this.quick.fill(0);
    this.shortest = 0;
    let place = 0;
    let code = 0;
    for (let length = 1; length <= longestCode; length += 1) {
      const codes = perLength[length] ?? 0;
      this.base[length] = code - place;
      if (codes > 0) {
        if (this.shortest === 0) this.shortest = length;
        this.longest = length;
        for (let symbol = 0; symbol < count; symbol += 1) {
          if (lengths[symbol] !== length) continue;
          this.symbols[place] = symbol;
          if (length <= quickBits && code < 1 << length) {
            const from = code << (quickBits - length);
            this.quick.fill((symbol << 5) | length, from, from + (1 << (quickBits - length)));
          }
          place += 1;
          code += 1;
        }
      }
      if (code > 1 << length) throw new BlockFault('damaged', 'a Huffman code has too many symbols');
      this.limit[length] = code << (longestCode - length);
      code <<= 1;
    }
  }
}
