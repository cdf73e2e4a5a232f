/** Finds where zstd frames end by their block headers alone (RFC 8878, section 3.1), without decompressing. */

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;

export interface FrameExtent {
  readonly offset: number;
  readonly bytes: number;
  /** A frame of other programs' data, such as a seek table. */
  readonly isSkippable: boolean;
}

/** Reads up to so many bytes at an offset; fewer only at the end. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** Where the walk met something that is no frame, or the end of the file inside one. */
export interface FrameFault {
  readonly offset: number;
  readonly what: string;
}

/** The frame at the offset, or what is wrong there. */
export async function walkFrame(
  readAt: ReadAt,
  offset: number,
  size: number,
): Promise<FrameExtent | FrameFault> {
  const steps = frameSteps(offset, size);
  let step = steps.next();
  while (step.done !== true) step = steps.next(await readAt(...step.value));
  return step.value;
}

/**
 * How many bytes the content of a frame has, by its header; null where the bytes are not exactly one whole frame, or it does
 * not say so.
 */
export function contentBytesOf(frame: Buffer): number | null {
  const steps = frameSteps(0, frame.length);
  let step = steps.next();
  while (step.done !== true) {
    const [at, length] = step.value;
    step = steps.next(frame.subarray(at, at + length));
  }
  if ('what' in step.value || step.value.isSkippable || step.value.bytes !== frame.length) return null;
  return statedContentBytes(frame);
}

/** Asks for places and lengths that it must look at. */
function* frameSteps(
  offset: number,
  size: number,
): Generator<readonly [number, number], FrameExtent | FrameFault, Buffer> {
  const head = yield [offset, 18];
  if (head.length < 8) return { offset, what: 'it ends inside a frame header' };
  const magic = head.readUInt32LE(0);
  if ((magic & 0xfffffff0) === skippableMagic) {
    const bytes = 8 + head.readUInt32LE(4);
    return offset + bytes > size
      ? { offset: size, what: 'it ends inside a frame' }
      : { offset, bytes, isSkippable: true };
  }
  if (magic !== frameMagic) return { offset, what: 'what stands there is no zst frame' };
  const descriptor = head.readUInt8(4);
  let at = offset + 4 + frameHeaderBytes(descriptor);
  for (;;) {
    const header = yield [at, 3];
    if (header.length < 3) return { offset: size, what: 'it ends inside a frame' };
    const block = header.readUIntLE(0, 3);
    const type = (block >> 1) & 3;
    if (type === 3) return { offset: at, what: 'a block of unknown type stands there' };
    // A run-length block holds one byte, whatever its length says.
    at += 3 + (type === 1 ? 1 : block >> 3);
    if ((block & 1) === 1) break;
  }
  const end = at + ((descriptor & 4) === 0 ? 0 : 4);
  return end > size
    ? { offset: size, what: 'it ends inside a frame' }
    : { offset, bytes: end - offset, isSkippable: false };
}

/** The header is known to be whole. */
function statedContentBytes(frame: Buffer): number | null {
  const descriptor = frame.readUInt8(4);
  const at = 4 + frameHeaderBytes(descriptor);
  const size = descriptor >> 6;
  if (size === 1) return frame.readUInt16LE(at - 2) + 256;
  if (size === 2) return frame.readUInt32LE(at - 4);
  if (size === 3) return Number(frame.readBigUInt64LE(at - 8));
  return (descriptor & 0x20) === 0 ? null : frame.readUInt8(at - 1);
}

function frameHeaderBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return 1 + (isSingleSegment ? 0 : 1) + dictionary + contentSize;
}
