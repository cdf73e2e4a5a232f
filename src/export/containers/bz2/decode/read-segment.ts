import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { damaged } from '../../read/container.ts';
import { unreadable } from '../../read/plain.ts';
import { combineCrcs, findMarks, foldCrc, isStreamHeader, readBits32 } from '../layout.ts';
import { Bz2BlockDecoder } from './block-decoder.ts';
import { BlockFault } from './block-fault.ts';
import { LinkedBlock } from './linked-block.ts';
import { blocksTogether, contentOf, followLinks } from './unfold.ts';

/** A part of a bz2 file between two places at which blocks or streams begin. */
export interface Bz2Segment {
  readonly fromBit: number;
  /** null: the end of the file. */
  readonly toBit: number | null;
  /** It begins inside a stream, with a block or the footer. */
  readonly inStream: boolean;
}

/** The checksum of some of a stream's blocks. */
interface BlockSum {
  readonly crc: number;
  readonly blocks: number;
}

/**
 * What must be known of a segment to prove the checksums of streams that lie across its ends. Streams that lie wholly
 * within have been proved.
 */
export interface Bz2SegmentSums {
  /** Of the blocks before the first footer, and what that footer states; null: there is none. */
  readonly first: BlockSum;
  readonly stated: number | null;
  /** Of the blocks behind the last footer. */
  readonly last: BlockSum;
}

/** Where a reader takes compressed bytes from. */
interface Source {
  readonly path: string;
  readonly size: number;
  /** So many bytes from the offset, or up to the end; valid until the next call. */
  bytesAt(offset: number, length: number): Buffer;
}

const whole: Bz2Segment = { fromBit: 0, toBit: null, inStream: false };
const nothing: BlockSum = { crc: 0, blocks: 0 };
/** Magic and checksum of a block, or a footer, at any bit. */
const markBytes = 11;
const markBits = 80;
/** A block of level 9 with the longest codes for everything. */
const mostBlockBytes = 2_400_000;
const windowBytes = 4 << 20;

/**
 * Reads segments of bz2 files by Rota's own decoder: several blocks at once, and each block, header and footer must stand
 * at the bit where the one before has ended. Memory: of a file 4 MB, 7 MB, and 4.5 MB for each block that is read at once.
 */
export class Bz2SegmentReader {
  readonly #decoder = new Bz2BlockDecoder();
  readonly #blocks: readonly LinkedBlock[];
  /** For files only. */
  #window: Buffer | null = null;
  readonly #raw = Buffer.allocUnsafeSlow(1 << 20);

  /** @param blocks read at once: fewer take less memory, and more time where nothing comes again and again */
  constructor(blocks: number = blocksTogether) {
    this.#blocks = Array.from({ length: blocks }, () => new LinkedBlock());
  }

  /**
   * @param take is given the content, in order, in memory that is used again
   * @throws RotaError ARCHIVE_DAMAGED or FILE_UNREADABLE
   */
  async read(
    path: string,
    segment: Bz2Segment,
    take: (raw: Buffer) => void,
    signal: AbortSignal,
  ): Promise<Bz2SegmentSums> {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch (error) {
      throw unreadable(path, error);
    }
    try {
      return await this.#walk(this.#fileSource(path, file), segment, take, signal);
    } finally {
      closeSync(file);
    }
  }

  /**
   * The content of whole streams that lie in memory.
   * @param path of the file that they are from, for errors
   * @param target where it goes, as far as there is room; more or less than that is no error
   * @throws RotaError ARCHIVE_DAMAGED
   */
  async decompress(path: string, bytes: Buffer, target: Buffer, signal: AbortSignal): Promise<Buffer> {
    let raw = target;
    let length = 0;
    const take = (content: Buffer) => {
      if (length + content.length > raw.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(2 * raw.length, length + content.length));
        raw.copy(larger, 0, 0, length);
        raw = larger;
      }
      length += content.copy(raw, length);
    };
    await this.readMemory(path, bytes, take, signal);
    return raw.subarray(0, length);
  }

  /**
   * The same in parts: `take` is given the content, in order, in memory that is used again. Resolves with its length.
   * @throws RotaError ARCHIVE_DAMAGED
   */
  async readMemory(
    path: string,
    bytes: Buffer,
    take: (raw: Buffer) => void,
    signal: AbortSignal,
  ): Promise<number> {
    let length = 0;
    const counted = (raw: Buffer) => {
      length += raw.length;
      take(raw);
    };
    const source = { path, size: bytes.length, bytesAt: (offset: number) => bytes.subarray(offset) };
    await this.#walk(source, whole, counted, signal);
    return length;
  }

  #fileSource(path: string, file: number): Source {
    this.#window ??= Buffer.allocUnsafeSlow(windowBytes);
    const window = this.#window;
    const { size } = fstatSync(file);
    let start = 0;
    let end = 0;
    return {
      path,
      size,
      bytesAt: (offset, length) => {
        if (offset < start || (offset + length > end && end < size)) {
          start = offset;
          end = offset + readFully(file, window, offset);
        }
        return window.subarray(offset - start, end - start);
      },
    };
  }

  async #walk(
    { path, size, bytesAt }: Source,
    { fromBit, toBit, inStream }: Bz2Segment,
    take: (raw: Buffer) => void,
    signal: AbortSignal,
  ): Promise<Bz2SegmentSums> {
    let rawOffset = 0;
    const fault = (bit: number, what: string) =>
      damaged({ path, fileBytes: size }, { fileOffset: Math.floor(bit / 8), rawOffset }, what);
    const begun: number[] = [];
    const flush = () => {
      const blocks = this.#blocks.slice(0, begun.length);
      followLinks(blocks);
      for (const [index, block] of blocks.entries()) {
        try {
          const raw = contentOf(block, this.#raw);
          rawOffset += raw.length;
          take(raw);
        } catch (error) {
          if (error instanceof BlockFault) throw fault(begun[index] ?? 0, `its block: ${error.message}`);
          throw error;
        }
      }
      begun.length = 0;
    };
    let isInside = inStream;
    let first: BlockSum | null = null;
    let stated: number | null = null;
    let sum = nothing;
    for (let at = fromBit; ; ) {
      if (toBit !== null && at >= toBit) {
        if (at > toBit) throw fault(at, 'a block goes on where another should begin');
        break;
      }
      const offset = Math.floor(at / 8);
      if (!isInside) {
        if (toBit === null && offset === size && at > 0) break;
        if (!isStreamHeader(bytesAt(offset, 4))) throw fault(at, 'what stands there is no bz2 stream');
        isInside = true;
        at += 32;
        continue;
      }
      const odd = at - offset * 8;
      const bytes = bytesAt(offset, mostBlockBytes);
      const mark = bytes.subarray(0, markBytes);
      const markEnd = Math.min(odd + markBits, mark.length * 8);
      if (findMarks(mark, 'block', odd, markEnd).length === 1) {
        const block = this.#blocks[begun.length] as LinkedBlock;
        try {
          const endBit = this.#decoder.link(bytes, odd, block);
          begun.push(at);
          at = offset * 8 + endBit;
        } catch (error) {
          if (error instanceof BlockFault) throw fault(at, `its block: ${error.message}`);
          throw error;
        }
        sum = { crc: foldCrc(sum.crc, block.crc), blocks: sum.blocks + 1 };
        // Blocks that have a table gain nothing by waiting for others.
        if (begun.length < this.#blocks.length && block.rows === 0) continue;
        flush();
        // Lets an abort be heard.
        await new Promise(setImmediate);
        signal.throwIfAborted();
      } else if (findMarks(mark, 'footer', odd, markEnd).length === 1) {
        const crc = readBits32(mark, odd + 48);
        if (first === null && inStream) {
          first = sum;
          stated = crc;
        } else if (crc !== sum.crc) throw fault(at, "the stream's combined checksum is wrong");
        first ??= nothing;
        sum = nothing;
        at = Math.ceil((at + markBits) / 8) * 8;
        isInside = false;
      } else throw fault(at, 'there is neither a block nor the end of the stream');
    }
    flush();
    return first === null ? { first: sum, stated, last: nothing } : { first, stated, last: sum };
  }
}

/** Whether the streams that lie across the segments of a file, in their order, have the checksums that they state. */
export function provesSums(segments: readonly Bz2SegmentSums[]): boolean {
  let open = nothing;
  for (const { first, stated, last } of segments) {
    const crc = combineCrcs(open.crc, first.crc, first.blocks);
    if (stated !== null && stated !== crc) return false;
    const before = stated === null ? { crc, blocks: open.blocks + first.blocks } : nothing;
    open = { crc: combineCrcs(before.crc, last.crc, last.blocks), blocks: before.blocks + last.blocks };
  }
  return open.blocks === 0;
}

function readFully(file: number, into: Buffer, offset: number): number {
  let done = 0;
  while (done < into.length) {
    const read = readSync(file, into, done, into.length - done, offset + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
