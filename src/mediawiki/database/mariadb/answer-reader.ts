import { AnswerRows } from './answer-rows.ts';
import { ServerError } from './server-error.ts';

/** Payload length of a packet that is continued by the next one. */
const fullPacket = 0xffffff;
const smallestRead = 64 * 1024;
const moreResultsExist = 0x0008;

type Phase = 'first' | 'columns' | 'columns-end' | 'rows' | 'done';

/**
 * Collects the packets of one answer to COM_QUERY (text protocol) in one buffer, without making an object per row.
 * Bytes come in through {@link space} and {@link filled}, so that a socket can read straight into the buffer.
 * Packets of 16 MiB and more are joined in place by taking out the headers between their parts.
 * Source of the format: the protocol pages of the MariaDB and MySQL manuals.
 */
export class AnswerReader {
  #buffer: Buffer;
  /** Where the next received byte goes. */
  #end = 0;
  /** Start of the first packet (or part) that is not yet complete. */
  #scan = 0;
  #needed = 0;
  #phase: Phase = 'first';
  #columnCount = 0;
  #columnStarts: number[] = [];
  #rowsStart = 0;
  #rowCount = 0;
  /** Start of the packet that is being joined, or -1. */
  #joinStart = -1;
  #joinPart = -1;
  /** Payload lengths of joined packets, by the offset of their header. */
  #joined = new Map<number, number>();

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  get buffer(): Buffer {
    return this.#buffer;
  }

  /** The part of the buffer that is to be filled next; at least 64 KiB. */
  space(): Buffer {
    if (this.#buffer.length - this.#end < smallestRead) {
      const size = Math.max(this.#buffer.length * 2, this.#needed + smallestRead, this.#end + smallestRead);
      const larger = Buffer.allocUnsafeSlow(size);
      this.#buffer.copy(larger, 0, 0, this.#end);
      this.#buffer = larger;
    }
    return this.#buffer.subarray(this.#end);
  }

  /** Copies received bytes in: for streams that bring their own buffers. */
  push(bytes: Uint8Array): boolean {
    let done = false;
    for (let at = 0; at < bytes.length; ) {
      const space = this.space();
      const part = bytes.subarray(at, at + space.length);
      space.set(part);
      at += part.length;
      done = this.filled(part.length);
    }
    return done;
  }

  /**
   * Takes note of bytes written to {@link space}. True when the answer is complete: then {@link rows}.
   * @throws ServerError when the server reports one, at whatever point of the answer
   */
  filled(count: number): boolean {
    this.#end += count;
    const buffer = this.#buffer;
    for (;;) {
      if (this.#phase === 'done') {
        if (this.#end > this.#scan) throw new ServerError(0, 'HY000', 'the server sent more than the answer');
        return true;
      }
      if (this.#joinStart >= 0) {
        if (!this.#join()) return false;
        continue;
      }
      const start = this.#scan;
      if (this.#end - start < 4) return false;
      const length = buffer.readUIntLE(start, 3);
      this.#needed = start + 4 + length;
      if (this.#end < this.#needed) return false;
      this.#scan = this.#needed;
      if (length === fullPacket) this.#joinStart = start;
      else this.#packet(start, length);
    }
  }

  /** The answer's rows, once {@link filled} said that it is complete. */
  rows(): AnswerRows {
    return new AnswerRows({
      buffer: this.#buffer,
      columnStarts: this.#columnStarts,
      rowsStart: this.#rowsStart,
      rowCount: this.#rowCount,
      joined: this.#joined,
    });
  }

  /** Continues a packet of several parts; false when bytes are missing. */
  #join(): boolean {
    const at = this.#scan;
    if (this.#joinPart < 0) {
      if (this.#end - at < 4) return false;
      this.#joinPart = this.#buffer.readUIntLE(at, 3);
      this.#buffer.copyWithin(at, at + 4, this.#end);
      this.#end -= 4;
    }
    this.#needed = at + this.#joinPart;
    if (this.#end < this.#needed) return false;
    this.#scan = this.#needed;
    const isLast = this.#joinPart < fullPacket;
    this.#joinPart = -1;
    if (isLast) {
      const start = this.#joinStart;
      const length = this.#scan - start - 4;
      this.#joinStart = -1;
      this.#joined.set(start, length);
      this.#packet(start, length);
    }
    return true;
  }

  #packet(start: number, length: number): void {
    const buffer = this.#buffer;
    const first = buffer[start + 4];
    if (first === 0xff) throw ServerError.fromPacket(buffer.subarray(start + 4, start + 4 + length));
    const isEnd = first === 0xfe && length < 9;
    switch (this.#phase) {
      case 'first':
        if (first === 0) {
          this.#phase = 'done';
        } else {
          // A wiki's queries never have as many as 251 columns; 0xfb would ask for a local file.
          if (first === undefined || first > 250)
            throw new ServerError(0, 'HY000', 'the answer is not understood');
          this.#columnCount = first;
          this.#phase = 'columns';
        }
        return;
      case 'columns':
        this.#columnStarts.push(start + 4);
        if (this.#columnStarts.length === this.#columnCount) this.#phase = 'columns-end';
        return;
      case 'columns-end':
        if (!isEnd) throw new ServerError(0, 'HY000', 'the answer is not understood');
        this.#rowsStart = start + 4 + length;
        this.#phase = 'rows';
        return;
      case 'rows':
        if (!isEnd) {
          this.#rowCount++;
          return;
        }
        if ((buffer.readUInt16LE(start + 7) & moreResultsExist) !== 0)
          throw new ServerError(0, 'HY000', 'the server sent several answers');
        this.#phase = 'done';
        return;
      case 'done':
        return;
    }
  }
}
