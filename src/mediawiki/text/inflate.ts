import { constants, createInflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ZlibHandle } from '../../core/zlib-handle.ts';

/**
 * Inflates raw deflate into `target` from `offset` on and returns how many bytes were written; or
 * {@link inflateBroken} when the data is damaged or not whole; or {@link inflateNeedsRoom} when there is too little
 * room (then make more and ask again). What is behind the room is never touched.
 *
 * @param room bytes that may be written, by default up to the target's end. The fast way is fastest with some hundred to spare:
 *   zlib writes in large steps up to there, and does not have to be asked once more whether that was all
 */
export type InflateRawInto = (
  source: Uint8Array,
  target: Uint8Array,
  offset: number,
  room?: number,
) => number;

export const inflateBroken = -1;
export const inflateNeedsRoom = -2;

/** The public way: a new zlib handle and a new buffer for every text. */
export const inflateRawIntoPublic: InflateRawInto = (
  source,
  target,
  offset,
  room = target.length - offset,
) => {
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(source, { maxOutputLength: room + 1, chunkSize: Math.max(64, room + 1) });
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? inflateNeedsRoom : inflateBroken;
  }
  if (bytes.length > room) return inflateNeedsRoom;
  target.set(bytes, offset);
  return bytes.length;
};

/**
 * One zlib handle for all texts of a thread, writing straight into the target: about a quarter less CPU than the
 * public way. Null where this Node's zlib is not as it is known to be.
 */
function reusingOneHandle(): InflateRawInto | null {
  try {
    const engine = createInflateRaw({ chunkSize: 64 }) as unknown as {
      _handle?: ZlibHandle;
      _writeState?: Uint32Array;
    };
    const handle = engine._handle;
    // What is left over after a write: room in the target, bytes of the source.
    const state = engine._writeState;
    if (handle === undefined || state === undefined) return null;
    let isBroken = false;
    handle.onerror = () => {
      isBroken = true;
    };
    const overflow = new Uint8Array(1);
    const inflate: InflateRawInto = (source, target, offset, room = target.length - offset) => {
      if (source.length === 0) return inflateBroken;
      isBroken = false;
      handle.reset();
      // With no room at all zlib would not even look at the data.
      if (room > 0) {
        handle.writeSync(constants.Z_FINISH, source, 0, source.length, target, offset, room);
        if (isBroken) return inflateBroken;
        const left = state[0] ?? 0;
        if (left > 0) return room - left;
      }
      // The target is exactly full: a further byte tells whether that was all.
      const rest = room > 0 ? (state[1] ?? 0) : source.length;
      handle.writeSync(constants.Z_FINISH, source, source.length - rest, rest, overflow, 0, 1);
      if (isBroken) return inflateBroken;
      return state[0] === 1 ? room : inflateNeedsRoom;
    };
    return passesSelfTest(inflate) ? inflate : null;
  } catch {
    return null;
  }
}

function passesSelfTest(inflate: InflateRawInto): boolean {
  const text = Buffer.from('0123456789 abcdefghij '.repeat(200));
  const deflated = deflateRawSync(text);
  const target = Buffer.alloc(text.length + 8, 0xee);
  for (let round = 0; round < 2; round++) {
    if (inflate(deflated, target, 4) !== text.length) return false;
    if (!target.subarray(4, 4 + text.length).equals(text) || target[text.length + 4] !== 0xee) return false;
    if (inflate(deflated, target.subarray(0, text.length), 0) !== text.length) return false;
    if (inflate(deflated, target.subarray(0, text.length - 1), 0) !== inflateNeedsRoom) return false;
    if (inflate(deflated.subarray(0, 20), target, 0) !== inflateBroken) return false;
    if (inflate(Buffer.from([0xff, 0xff, 0xff]), target, 0) !== inflateBroken) return false;
  }
  return true;
}

const fast = reusingOneHandle();

/** The fast way where this Node has it, else the public one. Synchronous: one text at a time in each thread. */
export const inflateRawInto: InflateRawInto = fast ?? inflateRawIntoPublic;

/** Whether {@link inflateRawInto} is the fast way. */
export const inflateIsFast = fast !== null;

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
