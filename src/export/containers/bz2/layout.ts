/**
 * The bit layout of a bz2 stream, as far as it is needed to cut and join streams without recompression:
 * `BZh` + level (32 bits), blocks, footer (48-bit magic + 32-bit combined CRC), zero bits up to a whole byte.
 * A block begins with a 48-bit magic and its own 32-bit CRC, at any bit offset.
 */
import { RotaError } from '../../../core/errors/rota-error.ts';

export const headerBits = 32;
export const footerBits = 80;
/** A footer with its padding lies within so many bytes at the end of a stream. */
export const footerSpanBytes = 11;

interface Magic {
  readonly high: number;
  readonly low: number;
}

const blockMagic: Magic = { high: 0x3141, low: 0x59265359 };
const footerMagic: Magic = { high: 0x1772, low: 0x45385090 };

export interface Bz2Footer {
  /** Bits from the footer's first bit to the end of the stream, padding included: 80 to 87. */
  readonly bitsFromEnd: number;
  readonly combinedCrc: number;
}

/** Where a block or footer stands. */
export interface Bz2Mark {
  /** Offset of its magic in bits from the start of the buffer. */
  readonly bitOffset: number;
  readonly crc: number;
}

/** 32 bits from any bit offset, unsigned. The caller sees to it that they exist. */
export function readBits32(bytes: Buffer, bitOffset: number): number {
  const byte = Math.floor(bitOffset / 8);
  const shift = bitOffset % 8;
  const word = bytes.readUInt32BE(byte);
  if (shift === 0) return word;
  return ((word << shift) | (bytes.readUInt8(byte + 4) >>> (8 - shift))) >>> 0;
}

function readBits16(bytes: Buffer, bitOffset: number): number {
  const byte = Math.floor(bitOffset / 8);
  const shift = bitOffset % 8;
  const word = bytes.readUInt16BE(byte);
  if (shift === 0) return word;
  return ((word << shift) | (bytes.readUInt8(byte + 2) >>> (8 - shift))) & 0xffff;
}

function hasMagic(bytes: Buffer, bitOffset: number, magic: Magic): boolean {
  return readBits16(bytes, bitOffset) === magic.high && readBits32(bytes, bitOffset + 16) === magic.low;
}

/** The footer at the very end of the bytes (the last 11 are enough), or null when they do not end a stream. */
export function findFooter(tail: Buffer): Bz2Footer | null {
  const bits = tail.length * 8;
  for (let padding = 0; padding < 8; padding += 1) {
    const start = bits - padding - footerBits;
    if (start < 0) return null;
    const paddingIsZero = (tail.readUInt8(tail.length - 1) & ((1 << padding) - 1)) === 0;
    if (paddingIsZero && hasMagic(tail, start, footerMagic)) {
      return { bitsFromEnd: footerBits + padding, combinedCrc: readBits32(tail, start + 48) };
    }
  }
  return null;
}

/** True for `BZh1` to `BZh9`: the level is only the greatest block size, so blocks of all levels fit in level 9. */
export function isStreamHeader(bytes: Uint8Array): boolean {
  const level = bytes[3] ?? 0;
  return bytes[0] === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68 && level >= 0x31 && level <= 0x39;
}

/** True when a stream header stands first and a block or a footer behind it (10 bytes are enough). */
export function startsStream(bytes: Buffer): boolean {
  if (bytes.length < 10 || !isStreamHeader(bytes)) return false;
  return hasMagic(bytes, headerBits, blockMagic) || hasMagic(bytes, headerBits, footerMagic);
}

/** The stream's combined CRC after one more block (32-bit rotation, then exclusive or). */
export function foldCrc(combined: number, blockCrc: number): number {
  return (((combined << 1) | (combined >>> 31)) ^ blockCrc) >>> 0;
}

/**
 * The combined CRC of stream A followed by stream B. Folding is linear, so A's only needs rotating once for each of
 * B's blocks: neither stream has to be walked.
 */
export function combineCrcs(crcA: number, crcB: number, blocksInB: number): number {
  const turn = blocksInB % 32;
  const rotated = turn === 0 ? crcA : (crcA << turn) | (crcA >>> (32 - turn));
  return (rotated ^ crcB) >>> 0;
}

/**
 * The blocks of one complete stream, found by their magic at every bit alignment (about 1 GB/s) and proved by the
 * footer: the fold of their CRCs must give the combined CRC.
 * @throws RotaError BZ2_STREAM_INVALID
 */
export function listBlocks(stream: Buffer): Bz2Mark[] {
  const footer = stream.length >= 14 && isStreamHeader(stream) ? findFooter(stream) : null;
  if (footer === null) throw streamInvalid('it does not begin and end as one', stream.length);
  const end = stream.length * 8 - footer.bitsFromEnd;
  const blocks = findMarks(stream, 'block', headerBits, end);
  let crc = 0;
  for (const block of blocks) crc = foldCrc(crc, block.crc);
  if (crc !== footer.combinedCrc || (blocks[0]?.bitOffset ?? end) !== headerBits) {
    throw streamInvalid('its block checksums do not add up to that of its footer', stream.length);
  }
  return blocks;
}

/** Every place between two bit offsets where the magic of a block or footer stands, in order, by chance too (2^-48). */
export function findMarks(
  bytes: Buffer,
  kind: 'block' | 'footer',
  fromBit: number,
  toBit: number,
): Bz2Mark[] {
  const magic = kind === 'block' ? blockMagic : footerMagic;
  const found: Bz2Mark[] = [];
  for (let shift = 0; shift < 8; shift += 1) {
    // The bytes that the magic fills wholly at this alignment: six, or the five between two shared ones.
    const needle = wholeBytesOf(magic, shift);
    const lead = shift === 0 ? 0 : 1;
    let at = bytes.indexOf(needle, Math.floor(fromBit / 8));
    while (at >= 0) {
      const bitOffset = (at - lead) * 8 + shift;
      if (bitOffset >= fromBit && bitOffset + 80 <= toBit && hasMagic(bytes, bitOffset, magic)) {
        found.push({ bitOffset, crc: readBits32(bytes, bitOffset + 48) });
      }
      at = bytes.indexOf(needle, at + 1);
    }
  }
  return found.sort((a, b) => a.bitOffset - b.bitOffset);
}

function wholeBytesOf(magic: Magic, shift: number): Buffer {
  const bits = BigInt(magic.high) * 0x1_0000_0000n + BigInt(magic.low);
  const whole = Buffer.alloc(8);
  whole.writeBigUInt64BE(bits << BigInt(16 - shift));
  return shift === 0 ? whole.subarray(0, 6) : whole.subarray(1, 6);
}

export function streamInvalid(what: string, bytes: number): RotaError {
  return new RotaError(
    'BZ2_STREAM_INVALID',
    `These ${bytes} bytes are not one complete bz2 stream: ${what}; compress them again.`,
    { facts: { bytes } },
  );
}
