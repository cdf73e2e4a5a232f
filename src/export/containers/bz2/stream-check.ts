import { findFooter, findMarks, foldCrc, footerSpanBytes, startsStream } from './layout.ts';

/** A footer, its padding and the beginning of the next stream: header and first magic. */
const lookAheadBytes = footerSpanBytes + 10;

/**
 * Follows the compressed bytes of a .bz2 file, cut anywhere, and sees what decompressors keep silent about: lbzip2
 * stops without a word where a stream is followed by something that is not one, so a damaged stream header in a
 * multistream file would lose the rest of it. Memory: 30 bytes; about 0.6 GB/s.
 */
export class Bz2StreamCheck {
  #held: Buffer = Buffer.alloc(0);
  /** Offset in the file of the first held byte. */
  #offset = 0;
  /** Bits of the held bytes that were looked at already. */
  #seenBits = 0;
  #crc = 0;
  #blocks = 0;
  #streams = 0;
  #strayAt: number | null = null;

  push(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#held, chunk]);
    const safe = bytes.length - lookAheadBytes;
    if (safe <= 0) {
      this.#held = bytes;
      return;
    }
    this.#look(bytes, safe * 8, false);
    this.#held = Buffer.from(bytes.subarray(safe));
    this.#offset += safe;
    this.#seenBits = 0;
  }

  /** Ends the check. `strayAt`: offset of the first byte that follows a stream without being one; null when all is well. */
  finish(): {
    readonly streams: number;
    readonly blocks: number;
    readonly strayAt: number | null;
  } {
    this.#look(this.#held, this.#held.length * 8, true);
    const size = this.#offset + this.#held.length;
    if (this.#strayAt === null && findFooter(this.#held) === null) this.#strayAt = size;
    return {
      streams: this.#streams,
      blocks: this.#blocks,
      strayAt: this.#strayAt,
    };
  }

  /** Takes the marks that begin before the bit offset. */
  #look(bytes: Buffer, toBit: number, isLast: boolean): void {
    const end = bytes.length * 8;
    const blocks = findMarks(bytes, 'block', this.#seenBits, end);
    const footers = findMarks(bytes, 'footer', this.#seenBits, end);
    let next = 0;
    for (const footer of [...footers, { bitOffset: toBit, crc: 0 }]) {
      for (; next < blocks.length; next += 1) {
        const block = blocks[next];
        if (block === undefined || block.bitOffset >= Math.min(footer.bitOffset, toBit)) break;
        this.#crc = foldCrc(this.#crc, block.crc);
        this.#blocks += 1;
      }
      if (footer.bitOffset < toBit) this.#takeFooter(bytes, footer.bitOffset, footer.crc, isLast);
    }
  }

  #takeFooter(bytes: Buffer, bitOffset: number, crc: number, isLast: boolean): void {
    // A footer's magic may stand in compressed data by chance; then the checksum is another.
    if (crc !== this.#crc) return;
    this.#crc = 0;
    this.#streams += 1;
    const next = Math.ceil((bitOffset + 80) / 8);
    const isEnd = isLast && next === bytes.length;
    if (!isEnd && !startsStream(bytes.subarray(next, next + 10))) this.#strayAt ??= this.#offset + next;
  }
}
