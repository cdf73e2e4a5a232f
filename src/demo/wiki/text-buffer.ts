import type { ByteText } from '../language/byte-text.ts';

/** Turns blocks into the bytes of a text, always in the same memory. */
export class TextBuffer {
  #buffer = Buffer.allocUnsafe(1 << 18);

  /** The text of the blocks with empty lines between them; good until the next call. */
  join(blocks: readonly ByteText[]): Buffer {
    const text = blocks.join('\n\n');
    if (text.length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(text.length * 2);
    return this.#buffer.subarray(0, this.#buffer.write(text, 0, 'latin1'));
  }
}
