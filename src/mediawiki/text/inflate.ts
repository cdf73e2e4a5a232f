import { inflateRawSync } from 'node:zlib';

/**
 * Inflates raw deflate into `target` at `offset` and returns how many bytes were written, or -1 when the data is not
 * whole, or -2 when the target has too little room (then grow it and ask again).
 */
export type InflateRawInto = (source: Uint8Array, target: Uint8Array, offset: number) => number;

export const inflateBroken = -1;
export const inflateNeedsRoom = -2;

/** The public way: one new zlib handle and one buffer a call. */
export const inflateRawIntoPublic: InflateRawInto = (source, target, offset) => {
  const room = target.length - offset;
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(source, { maxOutputLength: Math.max(room, 1), chunkSize: Math.max(64, room + 1) });
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? inflateNeedsRoom : inflateBroken;
  }
  if (bytes.length > room) return inflateNeedsRoom;
  target.set(bytes, offset);
  return bytes.length;
};
export const inflateRawInto = inflateRawIntoPublic;

/** Largest text that is inflated: far above $wgMaxArticleSize, far below what would exhaust the memory. */
const largestText = 512 * 1024 * 1024;

/** Inflates raw deflate; null when it is damaged (or longer than 512 MiB). */
export function inflateRawOrNull(source: Uint8Array): Buffer | null {
  try {
    return inflateRawSync(source, { maxOutputLength: largestText });
  } catch {
    return null;
  }
}
