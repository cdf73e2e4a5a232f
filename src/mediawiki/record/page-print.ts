import { createHash, type Hash } from 'node:crypto';
import { ByteWriter } from './byte-writer.ts';
import { encodePartHead } from './chunk-codec.ts';
import type { PagePrint } from './page-part.ts';
import type { PageRecord } from './revision-record.ts';

/** The first bytes of a SHA-256: two pages with the same are the same, barring 2^64 tries. */
export const pagePrintBytes = 16;

/** In place of the print of a page that is not to be compared by it. */
export const noPrint: Buffer = Buffer.alloc(pagePrintBytes);

/**
 * A digest of everything that the database said of a page and its revisions, by the bytes of its records (chunk-codec.ts): however
 * these are cut into chunks. It tells that a page is the same without a look at its revisions; that it is another one says little,
 * for where texts lie is in it, too.
 */
export class PagePrinter {
  readonly #head = new ByteWriter(512);
  #hash: Hash | null = null;

  /** Revisions of the page, encoded, in their order. */
  add(revisions: Uint8Array): void {
    this.#hash ??= createHash('sha256');
    this.#hash.update(revisions);
  }

  /** The page ends; another one begins. */
  finish(page: PageRecord, revisionCount: number): PagePrint {
    const head = this.#head;
    head.reset();
    encodePartHead(head, { page, isFirst: true, isLast: true }, revisionCount);
    this.add(head.view());
    const print = (this.#hash ?? createHash('sha256')).digest().subarray(0, pagePrintBytes);
    this.#hash = null;
    return { pageId: page.id, print };
  }
}
