import { constants, gzipSync } from 'node:zlib';

export interface GzOptions {
  /** 1 (fast) to 9 (small). */
  readonly level: number;
}

const memberHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

/**
 * One complete gzip member. Members put one behind the other are a gzip file of their contents one behind the other,
 * so pieces are compressed apart. The same bytes on every machine: no name, no time, operating system "Unix" (RFC 1952).
 */
export function gzMember(raw: Buffer, options: GzOptions): Buffer {
  const member = gzipSync(raw, {
    level: options.level,
    memLevel: 9,
    strategy: constants.Z_DEFAULT_STRATEGY,
    chunkSize: outputChunkBytes(raw.length),
  });
  // zlib notes the level (byte 8) and the system it was built for (byte 9).
  memberHeader.copy(member);
  return member;
}

/** One allocation where the result is as small as XML usually gets. */
function outputChunkBytes(rawBytes: number): number {
  return Math.min(Math.max(1024, Math.ceil(rawBytes / 4)), 4 << 20);
}
