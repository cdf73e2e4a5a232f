import { FileWindow } from '../../file-window.ts';
import { findMarks, foldCrc, isStreamHeader, readBits32 } from '../layout.ts';
import { Bz2BlockDecoder, type DecodedBlock } from './block-decoder.ts';
import { BlockFault } from './block-fault.ts';

/** Most blocks of XML are compressed to 100 to 300 kB. */
const usualBytes = 320 * 1024;
/** What is read in order is wanted anyway, and a block that is not all there is decoded twice. */
const aheadBytes = 1 << 20;
/** A block of level 9 with the longest codes for everything. */
const mostBytes = 2_400_000;
/** Magic and checksum. */
const markBytes = 10;

export interface Bz2Block extends DecodedBlock {
  /** Of the block's magic, in the file. */
  readonly bitOffset: number;
  /** Of the first bit behind it. */
  readonly endBit: number;
  readonly crc: number;
}

export interface Bz2Fault {
  /** Where what cannot be read begins. */
  readonly bitOffset: number;
  readonly what: string;
  /** The file ends too early; nothing else is known to be wrong. */
  readonly isCut: boolean;
}

export type Bz2Step =
  /** `block` and `stream` are counted from 1. */
  | { readonly kind: 'block'; readonly block: Bz2Block; readonly number: number; readonly stream: number }
  | { readonly kind: 'stream-start'; readonly bitOffset: number; readonly stream: number }
  | {
      readonly kind: 'stream-end';
      readonly bitOffset: number;
      readonly combinedCrc: number;
      readonly stream: number;
    }
  | { readonly kind: 'fault'; readonly fault: Bz2Fault; readonly number: number; readonly stream: number };

/** Whether a block's end can be seen: the magic of the next one, or of the footer. */
function showsEnd(bytes: Buffer, from: number): boolean {
  const [start, end] = [from + markBytes * 8, bytes.length * 8];
  return (['block', 'footer'] as const).some((kind) => findMarks(bytes, kind, start, end).length > 0);
}

/**
 * The blocks of a bz2 file, one by one, from anywhere. Memory: the decoder's, and up to 2.4 MB of the file. What looks
 * like a block's magic by chance (2^-48 at each bit) does not decode, or not with the right checksum, and is passed by.
 */
export class Bz2BlockFile implements AsyncDisposable {
  readonly #file: FileWindow;
  readonly #decoder = new Bz2BlockDecoder();

  private constructor(file: FileWindow) {
    this.#file = file;
  }

  /** @throws RotaError FILE_UNREADABLE */
  static async open(path: string): Promise<Bz2BlockFile> {
    return new Bz2BlockFile(await FileWindow.open(path));
  }

  get path(): string {
    return this.#file.path;
  }

  get size(): number {
    return this.#file.size;
  }

  get bytesRead(): number {
    return this.#file.bytesRead;
  }

  /** The first block that begins at the bit or behind it, and decodes. */
  async firstFrom(bitOffset: number): Promise<Bz2Block | null> {
    let from = bitOffset;
    while (from < this.size * 8) {
      const start = Math.floor(from / 8);
      const bytes = await this.#file.read(start, usualBytes);
      for (const mark of findMarks(bytes, 'block', from - start * 8, bytes.length * 8)) {
        const block = await this.read(start * 8 + mark.bitOffset);
        if ('raw' in block) return block;
      }
      const end = start + bytes.length;
      if (end >= this.size) return null;
      // The last bytes may hold the beginning of a mark.
      from = Math.max(from + 1, (end - markBytes) * 8 - 7);
    }
    return null;
  }

  /** The last block that begins before the bit, and decodes. */
  async lastBefore(bitOffset: number): Promise<Bz2Block | null> {
    let to = bitOffset;
    while (to > 0) {
      const end = Math.min(this.size, Math.ceil(to / 8) + markBytes);
      const start = Math.max(0, end - usualBytes);
      const bytes = await this.#file.read(start, end - start);
      const marks = findMarks(bytes, 'block', 0, bytes.length * 8);
      for (const mark of marks.reverse()) {
        const at = start * 8 + mark.bitOffset;
        if (at >= to) continue;
        const block = await this.read(at);
        if ('raw' in block) return block;
      }
      if (start === 0) return null;
      to = (start + markBytes) * 8;
    }
    return null;
  }

  /**
   * The block whose magic stands at the bit.
   * @param atFirst how much is read before more is, should the block be longer
   */
  async read(bitOffset: number, atFirst = usualBytes): Promise<Bz2Block | Bz2Fault> {
    const start = Math.floor(bitOffset / 8);
    const odd = bitOffset - start * 8;
    for (let length = atFirst; ; length = Math.min(length * 2, mostBytes)) {
      const bytes = await this.#file.read(start, length);
      const isAll = bytes.length < length || start + length >= this.size;
      // Looking for what stands behind it costs a hundredth of decoding it in vain.
      if (!isAll && length < mostBytes && !showsEnd(bytes, odd)) continue;
      try {
        const { raw, endBit } = this.#decoder.decode(bytes, odd);
        return { raw, bitOffset, endBit: start * 8 + endBit, crc: readBits32(bytes, odd + 48) };
      } catch (error) {
        if (!(error instanceof BlockFault)) throw error;
        if (error.kind === 'cut' && !isAll && length < mostBytes) continue;
        return { bitOffset, what: error.message, isCut: error.kind === 'cut' && isAll };
      }
    }
  }

  /** What stands where a block has ended: the next block's magic, of this stream or a following one. */
  async next(block: { readonly endBit: number }): Promise<number | 'end' | Bz2Fault> {
    for await (const step of this.walk({ from: block.endBit, decode: false })) {
      if (step.kind === 'fault') return step.fault;
      if (step.kind === 'block') return step.block.bitOffset;
    }
    return 'end';
  }

  /**
   * All blocks in order, up to the end or the first fault. From the start of the file the streams' checksums are proved
   * too; from elsewhere, beginning with the second.
   * @param options.decode false: stop at the next block without reading it (its `raw` is empty)
   */
  async *walk(
    options: { readonly from?: number; readonly decode?: boolean } = {},
  ): AsyncGenerator<Bz2Step, void, void> {
    let at = options.from ?? 0;
    let stream = options.from === undefined ? 0 : 1;
    let number = 0;
    let crc: number | null = options.from === undefined ? 0 : null;
    const fault = (bitOffset: number, what: string, isCut: boolean): Bz2Step => ({
      kind: 'fault',
      fault: { bitOffset, what, isCut },
      number: number + 1,
      stream: Math.max(stream, 1),
    });
    let inStream = options.from !== undefined;
    for (;;) {
      const start = Math.floor(at / 8);
      const left = this.size * 8 - at;
      if (!inStream) {
        if (left <= 0 && stream > 0) return;
        const header = await this.#file.read(start, 4);
        if (header.length < 4) return yield fault(at, 'it ends inside a stream header', true);
        if (!isStreamHeader(header)) return yield fault(at, 'what stands there is no bz2 stream', false);
        stream += 1;
        crc = 0;
        inStream = true;
        yield { kind: 'stream-start', bitOffset: at, stream };
        at += 32;
        continue;
      }
      const bytes = await this.#file.read(start, markBytes + 1);
      const odd = at - start * 8;
      if (left < markBytes * 8) return yield fault(at, 'it ends where a block or the end should be', true);
      if (findMarks(bytes, 'block', odd, odd + 80).length === 1) {
        if (options.decode === false) {
          const block = { raw: Buffer.alloc(0), bitOffset: at, endBit: at, crc: readBits32(bytes, odd + 48) };
          return yield { kind: 'block', block, number: 1, stream };
        }
        const block = await this.read(at, aheadBytes);
        if (!('raw' in block)) return yield fault(block.bitOffset, block.what, block.isCut);
        number += 1;
        if (crc !== null) crc = foldCrc(crc, block.crc);
        yield { kind: 'block', block, number, stream };
        at = block.endBit;
      } else if (findMarks(bytes, 'footer', odd, odd + 80).length === 1) {
        const combinedCrc = readBits32(bytes, odd + 48);
        if (crc !== null && combinedCrc !== crc) {
          return yield fault(at, "the stream's combined checksum is wrong", false);
        }
        yield { kind: 'stream-end', bitOffset: at, combinedCrc, stream };
        at = Math.ceil((at + 80) / 8) * 8;
        inStream = false;
      } else {
        return yield fault(at, 'there is neither a block nor the end of the stream', false);
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file[Symbol.asyncDispose]();
  }
}
