import { createHash, hash } from 'node:crypto';

/** The first 52 bits of a SHA-1 as a whole number: enough to tell whether a task changed since the last load. */
export function digestOf(bytes: Buffer | string): number {
  return first52(hash('sha1', bytes, 'buffer'));
}

export function digestOfParts(parts: Iterable<string>): number {
  const sha1 = createHash('sha1');
  for (const part of parts) sha1.update(part).update('\0');
  return first52(sha1.digest());
}

function first52(sha1: Buffer): number {
  return (sha1.readUInt32BE(0) >>> 12) * 4_294_967_296 + sha1.readUInt32BE(4);
}
