import { RotaError } from '../../../core/errors/rota-error.ts';
import { copyShifted } from './bit-shift.ts';
import {
  combineCrcs,
  findFooter,
  footerSpanBytes,
  headerBits,
  isStreamHeader,
  listBlocks,
  readBits32,
  streamInvalid,
} from './layout.ts';

/** What a splicer knows between two streams: plain numbers, so that it can be stored and taken up again. */
export interface Bz2SplicerState {
  /** Bytes handed out so far (0 before the first stream: the header comes with it). */
  readonly bytes: number;
  readonly blocks: number;
  readonly combinedCrc: number;
  /** Bits that do not fill a byte yet: their number (0 to 7) and value. */
  readonly carryBits: number;
  readonly carry: number;
}

export interface AppendOptions {
  /** The number of blocks, when it is known for certain (the compressor tells it): spares looking for them. */
  readonly blocks?: number;
}

const emptyState: Bz2SplicerState = { bytes: 0, blocks: 0, combinedCrc: 0, carryBits: 0, carry: 0 };
const streamHeader = Buffer.from('BZh9', 'latin1');

/**
 * Joins complete bz2 streams into ONE stream without recompressing: drops their headers and footers, shifts their
 * blocks together bit by bit and computes the combined CRC anew. Every decoder reads the result, also those that stop
 * after the first stream. Keeps at most 11 bytes; appended streams may hold any number of blocks.
 */
export class Bz2Splicer {
  #state: Bz2SplicerState;
  /** The end of the stream being written: its footer may be in it. Null between streams. */
  #tail: Buffer | null = null;
  #headerSeen = false;

  constructor(state: Bz2SplicerState = emptyState) {
    this.#state = state;
  }

  /** @throws RotaError INTERNAL inside a stream (between `write` and `end`). */
  get state(): Bz2SplicerState {
    if (this.#tail !== null) throw new RotaError('INTERNAL', 'A bz2 splicer has no state inside a stream.');
    return this.#state;
  }

  /**
   * Takes a whole stream; the answer is what may be written now.
   * @throws RotaError BZ2_STREAM_INVALID, and then the splicer is as before
   */
  append(stream: Buffer, options: AppendOptions = {}): Buffer {
    const before = this.state;
    const blocks = options.blocks ?? listBlocks(stream).length;
    if (options.blocks !== undefined) checkCount(stream, options.blocks);
    try {
      const first = this.write(stream);
      const last = this.end(blocks);
      return last.length === 0 ? first : Buffer.concat([first, last]);
    } catch (error) {
      this.#state = before;
      this.#tail = null;
      throw error;
    }
  }

  /** Takes the next part of a stream that is too long to hold; `end` ends the stream. */
  write(chunk: Buffer): Buffer {
    let input = chunk;
    const tail = this.#tail ?? Buffer.alloc(0);
    if (tail.length + chunk.length <= footerSpanBytes + streamHeader.length) {
      this.#open();
      this.#tail = Buffer.concat([tail, chunk]);
      return Buffer.alloc(0);
    }
    let held = tail;
    if (this.#tail === null) this.#open();
    if (!this.#headerSeen) {
      const start = held.length === 0 ? chunk.subarray(0, 4) : Buffer.concat([held, chunk.subarray(0, 4)]);
      if (!isStreamHeader(start))
        throw streamInvalid('its first four bytes are not BZh1 to BZh9', chunk.length);
      this.#headerSeen = true;
      const fromHeld = Math.min(4, held.length);
      held = held.subarray(fromHeld);
      input = input.subarray(4 - fromHeld);
    }
    const ready = held.length + input.length - footerSpanBytes;
    const fromHeld = Math.min(held.length, ready);
    const fromInput = ready - fromHeld;
    this.#tail = Buffer.concat([held.subarray(fromHeld), input.subarray(fromInput)]);
    return this.#shift([held.subarray(0, fromHeld), input.subarray(0, fromInput)]);
  }

  /**
   * Ends the stream begun with `write`.
   * @param blocks how many blocks it holds
   * @throws RotaError BZ2_STREAM_INVALID when its footer is missing (it was cut short)
   */
  end(blocks: number): Buffer {
    let tail = this.#tail ?? Buffer.alloc(0);
    if (!this.#headerSeen) {
      if (!isStreamHeader(tail))
        throw streamInvalid('its first four bytes are not BZh1 to BZh9', tail.length);
      tail = tail.subarray(4);
    }
    const footer = findFooter(tail);
    if (footer === null) throw streamInvalid('its footer is missing', tail.length);
    const bits = tail.length * 8 - footer.bitsFromEnd;
    const wholeBytes = bits >> 3;
    const written = this.#shift([tail.subarray(0, wholeBytes)]);
    const rest = this.#addBits((tail[wholeBytes] ?? 0) >>> (8 - (bits & 7)), bits & 7);
    this.#state = {
      ...this.#state,
      blocks: this.#state.blocks + blocks,
      combinedCrc: combineCrcs(this.#state.combinedCrc, footer.combinedCrc, blocks),
    };
    this.#tail = null;
    return rest.length === 0 ? written : Buffer.concat([written, rest]);
  }

  /** The footer. The splicer stays as it was, so that its state can be stored and more appended elsewhere. */
  finish(): Buffer {
    const { bytes, combinedCrc, carryBits, carry } = this.state;
    const crc = BigInt(combinedCrc);
    const bits = (((BigInt(carry) << 48n) | 0x177245385090n) << 32n) | crc;
    const length = Math.ceil((carryBits + 80) / 8);
    const padded = bits << BigInt(length * 8 - carryBits - 80);
    const footer = Buffer.from(padded.toString(16).padStart(length * 2, '0'), 'hex');
    return bytes === 0 ? Buffer.concat([streamHeader, footer]) : footer;
  }

  #open(): void {
    if (this.#tail !== null) return;
    this.#tail = Buffer.alloc(0);
    this.#headerSeen = false;
  }

  #shift(parts: readonly Buffer[]): Buffer {
    const { bytes, carryBits } = this.#state;
    const lead = bytes === 0 ? streamHeader.length : 0;
    const size = parts.reduce((sum, part) => sum + part.length, lead);
    const target = Buffer.allocUnsafe(size);
    if (lead > 0) streamHeader.copy(target);
    let carry = this.#state.carry;
    let at = lead;
    for (const part of parts) {
      carry = copyShifted(part, target, at, carryBits, carry);
      at += part.length;
    }
    this.#state = { ...this.#state, bytes: bytes + size, carry };
    return target;
  }

  /** Adds up to 7 bits; gives the byte that they fill, if they do. */
  #addBits(value: number, count: number): Buffer {
    const all = (this.#state.carry << count) | value;
    const total = this.#state.carryBits + count;
    if (total < 8) {
      this.#state = { ...this.#state, carry: all, carryBits: total };
      return Buffer.alloc(0);
    }
    const left = total - 8;
    const bytes = this.#state.bytes + 1;
    this.#state = { ...this.#state, bytes, carry: all & ((1 << left) - 1), carryBits: left };
    return Buffer.from([all >>> left]);
  }
}

/** What can be checked of a stated number of blocks without a walk: a wrong one would spoil the combined CRC. */
function checkCount(stream: Buffer, blocks: number): void {
  const footer = findFooter(stream);
  if (footer === null || stream.length < 14) throw streamInvalid('its footer is missing', stream.length);
  const isEmpty = stream.length * 8 - footer.bitsFromEnd === headerBits;
  const isOne = !isEmpty && readBits32(stream, headerBits + 48) === footer.combinedCrc;
  if (isEmpty !== (blocks === 0) || (blocks === 1 && !isOne)) {
    throw streamInvalid(`it was said to hold ${blocks} blocks and does not`, stream.length);
  }
}
