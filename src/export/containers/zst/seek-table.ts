/**
 * The seek table of zstd's seekable format, version 0.1.0: a skippable frame at the end of the file that lists every
 * frame's compressed and raw length. Plain zstd readers skip it. Written without the optional checksums (they are
 * XXH64 of the content; each frame carries its own already), read with or without.
 */
import { RotaError } from '../../../core/errors/rota-error.ts';

const skippableMagic = 0x184d2a5e;
const seekableMagic = 0x8f92eab1;
const frameHeaderBytes = 8;
const entryBytes = 8;
const checksumBytes = 4;
const checksumFlag = 0x80;
const reservedBits = 0x7c;
/** The format's own limit. */
const mostFrames = 0x8000000;

/** At the very end of a seekable file: number of frames, descriptor, magic. */
export const seekFooterBytes = 9;

export interface SeekEntry {
  /** Offset of the frame in the file. */
  readonly offset: number;
  readonly bytes: number;
  /** Offset of its content in the decompressed file. */
  readonly rawOffset: number;
  readonly rawBytes: number;
}

/** Collects the frames as they are written. Memory: 8 bytes a frame, doubled while growing. */
export class SeekTableBuilder {
  #lengths = new Uint32Array(1024);
  #frames = 0;

  add(bytes: number, rawBytes: number): void {
    if (bytes > 0xffffffff || rawBytes > 0xffffffff || this.#frames === mostFrames) {
      throw new RotaError('INTERNAL', 'A frame is too long, or there are too many, for a zst seek table.');
    }
    if (this.#frames * 2 === this.#lengths.length) {
      const longer = new Uint32Array(this.#lengths.length * 2);
      longer.set(this.#lengths);
      this.#lengths = longer;
    }
    this.#lengths[this.#frames * 2] = bytes;
    this.#lengths[this.#frames * 2 + 1] = rawBytes;
    this.#frames += 1;
  }

  /** The skippable frame to write behind the last frame. */
  finish(): Buffer {
    const content = this.#frames * entryBytes + seekFooterBytes;
    const table = Buffer.allocUnsafe(frameHeaderBytes + content);
    table.writeUInt32LE(skippableMagic, 0);
    table.writeUInt32LE(content, 4);
    let at = frameHeaderBytes;
    for (const length of this.#lengths.subarray(0, this.#frames * 2)) at = table.writeUInt32LE(length, at);
    at = table.writeUInt32LE(this.#frames, at);
    at = table.writeUInt8(0, at);
    table.writeUInt32LE(seekableMagic, at);
    return table;
  }
}

/** The table's length (skippable frame with its header), told by a file's last 9 bytes; null when there is none. */
export function seekTableBytes(footer: Buffer): number | null {
  if (footer.length < seekFooterBytes) return null;
  const end = footer.subarray(footer.length - seekFooterBytes);
  const descriptor = end.readUInt8(4);
  const frames = end.readUInt32LE(0);
  if (end.readUInt32LE(5) !== seekableMagic || (descriptor & reservedBits) !== 0 || frames > mostFrames)
    return null;
  const entry = (descriptor & checksumFlag) === 0 ? entryBytes : entryBytes + checksumBytes;
  return frameHeaderBytes + frames * entry + seekFooterBytes;
}

/** Finds frames by offset. */
export class SeekTable {
  /** Ends of the frames, raw and compressed, so that a frame is found by halving. */
  readonly #rawEnds: Float64Array;
  readonly #ends: Float64Array;

  /**
   * @param table the whole skippable frame, as `seekTableBytes` measures it
   * @throws RotaError SEEK_TABLE_INVALID
   */
  constructor(table: Buffer) {
    const length = seekTableBytes(table);
    const isSound =
      length === table.length &&
      table.readUInt32LE(0) === skippableMagic &&
      table.readUInt32LE(4) === table.length - frameHeaderBytes;
    if (!isSound) {
      throw new RotaError(
        'SEEK_TABLE_INVALID',
        `These ${table.length} bytes are not the seek table of a zst file; read the file from its start.`,
      );
    }
    const frames = table.readUInt32LE(table.length - seekFooterBytes);
    const step = frames === 0 ? 0 : (table.length - frameHeaderBytes - seekFooterBytes) / frames;
    this.#ends = new Float64Array(frames);
    this.#rawEnds = new Float64Array(frames);
    let end = 0;
    let rawEnd = 0;
    for (let frame = 0; frame < frames; frame += 1) {
      end += table.readUInt32LE(frameHeaderBytes + frame * step);
      rawEnd += table.readUInt32LE(frameHeaderBytes + frame * step + 4);
      this.#ends[frame] = end;
      this.#rawEnds[frame] = rawEnd;
    }
  }

  get frames(): number {
    return this.#ends.length;
  }

  /** Of all frames, without the table. */
  get bytes(): number {
    return this.#ends.at(-1) ?? 0;
  }

  get rawBytes(): number {
    return this.#rawEnds.at(-1) ?? 0;
  }

  /** @throws RangeError when there is no such frame */
  entry(frame: number): SeekEntry {
    const end = this.#ends[frame];
    const rawEnd = this.#rawEnds[frame];
    if (end === undefined || rawEnd === undefined)
      throw new RangeError(`no frame ${frame} of ${this.frames}`);
    const offset = frame === 0 ? 0 : (this.#ends[frame - 1] ?? 0);
    const rawOffset = frame === 0 ? 0 : (this.#rawEnds[frame - 1] ?? 0);
    return { offset, bytes: end - offset, rawOffset, rawBytes: rawEnd - rawOffset };
  }

  /** The number of the frame that holds a byte of the decompressed file; null past the end. */
  frameAt(rawOffset: number): number | null {
    if (rawOffset < 0 || rawOffset >= this.rawBytes) return null;
    let low = 0;
    let high = this.frames - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#rawEnds[middle] ?? 0) > rawOffset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
