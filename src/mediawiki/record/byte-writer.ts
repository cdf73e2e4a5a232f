/** Up to this length characters are written one by one. */
const shortString = 24;

/** What a column's bytes are copied from: the rows of an answer. */
export interface ColumnBytes {
  byteLength(column: number): number;
  copyBytes(column: number, target: Uint8Array, at: number): void;
}

/**
 * Appends numbers and binary strings to a growing buffer: the encoding of the spool and of the messages between
 * threads. Numbers are unsigned LEB128 up to 2^53 − 1; strings are their length and then their bytes.
 */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes = 1 << 16) {
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  number(value: number): void {
    if (this.#length + 8 > this.#buffer.length) this.#grow(8);
    const buffer = this.#buffer;
    let at = this.#length;
    while (value >= 0x80) {
      // The division keeps ids above 2^31 right, where bit operators would not.
      if (value >= 0x80000000) {
        buffer[at++] = (value % 0x80) | 0x80;
        value = Math.floor(value / 0x80);
      } else {
        buffer[at++] = (value & 0x7f) | 0x80;
        value >>>= 7;
      }
    }
    buffer[at++] = value;
    this.#length = at;
  }

  /** A binary string: one byte per character. */
  string(text: string): void {
    const { length } = text;
    this.number(length);
    if (this.#length + length > this.#buffer.length) this.#grow(length);
    if (length > shortString) {
      this.#length += this.#buffer.write(text, this.#length, 'latin1');
      return;
    }
    // A call into the runtime costs more than this.
    const buffer = this.#buffer;
    let at = this.#length;
    for (let index = 0; index < length; index++) buffer[at++] = text.charCodeAt(index);
    this.#length = at;
  }

  /** A column of a row, as a string. */
  column(rows: ColumnBytes, column: number): void {
    const length = rows.byteLength(column);
    this.number(length);
    if (this.#length + length > this.#buffer.length) this.#grow(length);
    rows.copyBytes(column, this.#buffer, this.#length);
    this.#length += length;
  }

  /** What another writer wrote between two of its lengths. */
  append(other: ByteWriter, from = 0, to = other.length): void {
    const length = to - from;
    if (this.#length + length > this.#buffer.length) this.#grow(length);
    other.#buffer.copy(this.#buffer, this.#length, from, to);
    this.#length += length;
  }

  /** A view of what was written between two lengths, valid until more is written. */
  view(from = 0, to = this.#length): Buffer {
    return this.#buffer.subarray(from, to);
  }

  /** Forgets what was written; the memory is kept. */
  reset(): void {
    this.#length = 0;
  }

  /** The bytes written so far, as a copy of their own that may be transferred to another thread. */
  take(): Buffer<ArrayBuffer> {
    const copy = Buffer.allocUnsafeSlow(this.#length);
    this.#buffer.copy(copy, 0, 0, this.#length);
    this.#length = 0;
    return copy;
  }

  #grow(by: number): void {
    const bigger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + by + 8));
    this.#buffer.copy(bigger, 0, 0, this.#length);
    this.#buffer = bigger;
  }
}
