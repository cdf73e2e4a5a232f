import type { ScanHandler, XmlScan } from './scan-result.ts';
import { ScanTally } from './scan-tally.ts';
import { longestTagBytes, type Tag, tag, tagAt, tagBytes } from './tags.ts';

const lessThan = 0x3c;
const newline = 0x0a;
const blank = 0x20;
/** `<id>` with more digits than any id has: beyond it, an id that does not end counts as missing. */
const longestIdBytes = 32;
/** So many bytes behind a tag that was held back tell what it is. */
const decidingBytes = longestTagBytes + longestIdBytes;

/**
 * Reads export XML as it comes, in chunks cut anywhere, and tells what is in it. Looks from `<` to `<` only: in export
 * XML texts are escaped, so a tag cannot stand in one. Holds at most 32 bytes between two chunks.
 */
export class XmlScanner {
  readonly #tally: ScanTally;
  /** The beginning of a tag whose end has not come yet. */
  #held: Buffer | null = null;
  /** Offset in the XML of the next byte to look at (the first held one, if any). */
  #offset = 0;
  /** Blanks that stood right before that byte: indentation belongs to the tag that follows. */
  #blanks = 0;

  constructor(handler: ScanHandler = {}) {
    this.#tally = new ScanTally(handler);
  }

  /** A tag may have begun whose end has not come yet: nothing was told of it. */
  get isInTag(): boolean {
    return this.#held !== null;
  }

  push(chunk: Buffer): void {
    this.#scan(this.#held === null ? chunk : this.#scanHeld(this.#held, chunk), false);
  }

  /**
   * Scans what was held back with the beginning of the chunk that follows, and answers with what is left of the chunk. The
   * chunk itself is not copied: it may have megabytes.
   */
  #scanHeld(held: Buffer, chunk: Buffer): Buffer {
    this.#held = null;
    if (chunk.length <= decidingBytes) return Buffer.concat([held, chunk]);
    this.#scan(Buffer.concat([held, chunk.subarray(0, decidingBytes)]), false);
    // A tag that begins in the joint and ends beyond it is scanned with the chunk, of which it is a part by now.
    const again = (this.#held as Buffer | null)?.length ?? 0;
    this.#held = null;
    return chunk.subarray(decidingBytes - again);
  }

  /** Ends the scan; call it once. */
  finish(): XmlScan {
    const held = this.#held ?? Buffer.alloc(0);
    this.#held = null;
    this.#scan(held, true);
    return this.#tally.finish(this.#offset);
  }

  #scan(bytes: Buffer, isLast: boolean): void {
    const tally = this.#tally;
    const base = this.#offset;
    let at = 0;
    if (tally.closed) this.#checkBlank(bytes, 0, base);
    for (;;) {
      const found = bytes.indexOf(lessThan, at);
      if (found < 0) break;
      if (!isLast && found + longestTagBytes > bytes.length) {
        this.#hold(bytes, found);
        return;
      }
      const kind = tagAt(bytes, found);
      at = found + 1;
      if (kind === tag.other) continue;
      if (kind === tag.id) {
        if (!tally.wantsId) continue;
        const end = bytes.indexOf(lessThan, at);
        if (end < 0 && !isLast && bytes.length - found <= longestIdBytes) {
          this.#hold(bytes, found);
          return;
        }
        const isId = end >= 0 && end - found <= longestIdBytes;
        tally.takeId(isId ? parseId(bytes, at + 3, end) : 0, base + found);
        continue;
      }
      at = lineEnd(bytes, found, kind);
      tally.takeTag(kind, base + this.#lineStart(bytes, found), base + at, base + found);
      if (tally.closed) this.#checkBlank(bytes, at, base + at);
    }
    this.#advance(bytes, bytes.length);
  }

  #hold(bytes: Buffer, from: number): void {
    // Copied, because the chunk may be the caller's to reuse.
    this.#held = Buffer.from(bytes.subarray(from));
    this.#advance(bytes, from);
  }

  #advance(bytes: Buffer, to: number): void {
    this.#blanks = to - this.#lineStart(bytes, to);
    this.#offset += to;
  }

  /** Offset of the first of the blanks before a tag: negative when they began in an earlier chunk. */
  #lineStart(bytes: Buffer, at: number): number {
    let start = at;
    while (start > 0 && bytes[start - 1] === blank) start -= 1;
    return start === 0 ? -this.#blanks : start;
  }

  /** After `</mediawiki>` only white space may follow. */
  #checkBlank(bytes: Buffer, from: number, offset: number): void {
    for (let i = from; i < bytes.length; i += 1) {
      if ((bytes[i] ?? 0) > blank) {
        this.#tally.takeTrailing(offset + i - from);
        return;
      }
    }
  }
}

/** 0 for anything but digits, and for numbers that are not exact here. */
function parseId(bytes: Buffer, from: number, to: number): number {
  let id = 0;
  for (let i = from; i < to; i += 1) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    id = id * 10 + digit;
  }
  return Number.isSafeInteger(id) ? id : 0;
}

/** Just past the tag and the newline that follows it. */
function lineEnd(bytes: Buffer, at: number, kind: Tag): number {
  const end = at + (tagBytes[kind] ?? 1);
  return bytes[end] === newline ? end + 1 : end;
}
