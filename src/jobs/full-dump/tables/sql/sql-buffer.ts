/** What stands behind the backslash for a byte that a MySQL string escapes; 0 for all others. */
const escapes = new Uint8Array(256);
escapes.set(Buffer.from('0'), 0x00);
escapes.set(Buffer.from('n'), 0x0a);
escapes.set(Buffer.from('r'), 0x0d);
escapes.set(Buffer.from('Z'), 0x1a);
for (const same of Buffer.from('"\'\\')) escapes[same] = same;

/** SQL being put together in one growing buffer. */
export class SqlBuffer {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 64 * 1024) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.#length;
  }

  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** A string literal that is these bytes. */
  quoted(value: Uint8Array): void {
    this.#reserve(value.length * 2 + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = 0x27;
    for (let i = 0; i < value.length; i++) {
      const byte = value[i] as number;
      const behind = escapes[byte] as number;
      if (behind !== 0) {
        bytes[at++] = 0x5c;
        bytes[at++] = behind;
      } else {
        bytes[at++] = byte;
      }
    }
    bytes[at++] = 0x27;
    this.#length = at;
  }

  /** A copy of what is there; the buffer is empty afterwards. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
