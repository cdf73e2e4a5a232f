import { createHash, type Hash } from 'node:crypto';
import { pageDigestBytes } from './ledger-format.ts';

const openText = Buffer.from('<text ');
const closeText = Buffer.from('</text>');
const preserved = Buffer.from(' xml:space="preserve"');
const emptied = Buffer.from(' />');
const greaterThan = 0x3e;

/**
 * The digest of one page: over the page's XML as the text pass prints it, with every text taken out, so that
 * `<text … xml:space="preserve">…</text>` counts as `<text … />`. All of it can be known without reading texts.
 */
export class PageDigest {
  #hash: Hash = createHash('sha256');

  /** A part of the page that holds whole text elements, as it is printed. */
  add(xml: Buffer): void {
    const hash = this.#hash;
    let from = 0;
    for (;;) {
      const open = xml.indexOf(openText, from);
      if (open < 0) break;
      const end = xml.indexOf(greaterThan, open);
      const attributes = end - preserved.length;
      // An element without a text closes itself, and has no xml:space either.
      if (end < 0 || attributes < open || preserved.compare(xml, attributes, end) !== 0) {
        hash.update(xml.subarray(from, end < 0 ? xml.length : end + 1));
        from = end < 0 ? xml.length : end + 1;
        continue;
      }
      hash.update(xml.subarray(from, attributes));
      hash.update(emptied);
      const close = xml.indexOf(closeText, end);
      from = close < 0 ? xml.length : close + closeText.length;
    }
    hash.update(from === 0 ? xml : xml.subarray(from));
  }

  /** A part of the page that has no texts in it. */
  addEmptied(xml: Uint8Array): void {
    this.#hash.update(xml);
  }

  /** The digest; the next page begins. */
  finish(): Buffer {
    const digest = this.#hash.digest().subarray(0, pageDigestBytes);
    this.#hash = createHash('sha256');
    return digest;
  }
}
