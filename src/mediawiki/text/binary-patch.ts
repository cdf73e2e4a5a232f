/**
 * Binary patches in the format of LibXDiff, as DiffHistoryBlob stores them: Adler-32 (starting at 0, not 1) and
 * length of the text that the patch applies to, both little-endian, then operations.
 */
const insertShort = 1;
const copy = 2;
const insertLong = 3;

/** The patched text; null when the patch is damaged or is for another base. At most `largest` bytes. */
export function applyBinaryPatch(base: Uint8Array, patch: Uint8Array, largest: number): Buffer | null {
  const bytes = Buffer.from(patch.buffer, patch.byteOffset, patch.byteLength);
  if (bytes.length < 8 || bytes.readUInt32LE(4) !== base.length || bytes.readUInt32LE(0) !== adler32(base))
    return null;
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let at = 8; at < bytes.length; ) {
    const operation = bytes[at++];
    let part: Uint8Array;
    if (operation === insertShort) {
      if (at >= bytes.length) return null;
      const length = bytes[at++] ?? 0;
      if (at + length > bytes.length) return null;
      part = bytes.subarray(at, at + length);
      at += length;
    } else if (operation === insertLong) {
      if (at + 4 > bytes.length) return null;
      const length = bytes.readUInt32LE(at);
      at += 4;
      if (at + length > bytes.length) return null;
      part = bytes.subarray(at, at + length);
      at += length;
    } else if (operation === copy) {
      if (at + 8 > bytes.length) return null;
      const from = bytes.readUInt32LE(at);
      const length = bytes.readUInt32LE(at + 4);
      at += 8;
      if (from + length > base.length) return null;
      part = base.subarray(from, from + length);
    } else {
      return null;
    }
    size += part.length;
    if (size > largest) return null;
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

/** LibXDiff's Adler-32: both sums start at 0. */
export function adler32(bytes: Uint8Array): number {
  let a = 0;
  let b = 0;
  // 5552 bytes is the longest run that cannot overflow 32 bits before the remainder is taken.
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + 5552, bytes.length);
    for (; at < end; at++) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return (((b << 16) >>> 0) | a) >>> 0;
}
