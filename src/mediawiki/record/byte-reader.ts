/**
 * Reads what {@link ByteWriter} wrote. Reading past the end throws a RangeError: the caller names the file.
 *
 * Strings are slices of one string of all the bytes (half the CPU of making each by itself): whoever keeps one longer
 * than the rest must copy it.
 */
export class ByteReader {
  readonly #buffer: Buffer;
  readonly #text: string;
  #at: number;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#text = this.#buffer.toString('latin1');
    this.#at = 0;
  }

  get done(): boolean {
    return this.#at >= this.#buffer.length;
  }

  number(): number {
    const buffer = this.#buffer;
    let at = this.#at;
    let byte = buffer[at++];
    if (byte === undefined) throw new RangeError('the data ends in the middle of a number');
    let value = byte & 0x7f;
    let scale = 0x80;
    while (byte >= 0x80) {
      byte = buffer[at++];
      if (byte === undefined) throw new RangeError('the data ends in the middle of a number');
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    }
    this.#at = at;
    return value;
  }

  string(): string {
    const length = this.number();
    const end = this.#at + length;
    if (end > this.#buffer.length) throw new RangeError('the data ends in the middle of a string');
    const text = this.#text.substring(this.#at, end);
    this.#at = end;
    return text;
  }
}
