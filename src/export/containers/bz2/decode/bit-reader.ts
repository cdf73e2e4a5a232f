import { BlockFault } from './block-fault.ts';

/** Reads bits from the left. Past the end come zeros, and `check` tells of it: so the hot loop need not look. */
export class BitReader {
  readonly bytes: Uint8Array;
  /** The next bits, left-aligned in 32. */
  word = 0;
  /** How many of them count; `fill` makes it 25 or more. */
  bits = 0;
  /** Offset of the next byte to take. */
  at: number;

  constructor(bytes: Uint8Array, bitOffset: number) {
    this.bytes = bytes;
    this.at = Math.floor(bitOffset / 8);
    const odd = bitOffset % 8;
    this.fill();
    this.word <<= odd;
    this.bits -= odd;
  }

  fill(): void {
    while (this.bits <= 24) {
      this.word |= (this.bytes[this.at] ?? 0) << (24 - this.bits);
      this.at += 1;
      this.bits += 8;
    }
  }

  /** @param count 1 to 24 */
  take(count: number): number {
    this.fill();
    const value = this.word >>> (32 - count);
    this.word <<= count;
    this.bits -= count;
    return value;
  }

  /** Bits from the start of the bytes to the next one to take. */
  get position(): number {
    return this.at * 8 - this.bits;
  }

  /** @throws BlockFault cut, when bits past the end were taken */
  check(): void {
    if (this.position > this.bytes.length * 8) throw new BlockFault('cut', 'it ends inside a block');
  }
}
