import { copyShifted } from '../../export/containers/bz2/bit-shift.ts';

const header = Buffer.from('BZh9', 'latin1');
const footerMagic = 0x177245385090n;

/**
 * Makes a stream of its own of blocks that stand anywhere in a bz2 file: the bits are moved to where a header ends, and
 * a footer with their combined CRC is put behind.
 * @param bytes the file's bytes from the one in which the first bit stands to the one with the last
 * @param skip bits of the first byte that come before the first (0 to 7)
 */
export function extractStream(
  bytes: Buffer,
  { skip, bits, crc }: { readonly skip: number; readonly bits: number; readonly crc: number },
): Buffer {
  const size = Math.ceil((header.length * 8 + bits + 80) / 8);
  const target = Buffer.alloc(Math.max(size, header.length + bytes.length + 1));
  if (skip === 0) bytes.copy(target, header.length);
  else {
    // Moved left by `skip` bits: to the right by the rest of a byte, beginning one byte earlier.
    const rest = copyShifted(bytes, target, header.length - 1, 8 - skip, 0);
    target[header.length - 1 + bytes.length] = (rest << skip) & 0xff;
  }
  header.copy(target);
  const end = header.length * 8 + bits;
  const at = end >>> 3;
  const used = end & 7;
  const kept = used === 0 ? 0n : BigInt((target[at] ?? 0) >>> (8 - used));
  const length = Math.ceil((used + 80) / 8);
  const padding = BigInt(length * 8 - used - 80);
  const footer = ((((kept << 48n) | footerMagic) << 32n) | BigInt(crc)) << padding;
  Buffer.from(footer.toString(16).padStart(length * 2, '0'), 'hex').copy(target, at);
  return target.subarray(0, size);
}
