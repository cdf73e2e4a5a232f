import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { PagePrint } from '../../mediawiki/record/page-part.ts';
import { pagePrintBytes } from '../../mediawiki/record/page-print.ts';
import { spoolPrintsName } from './spool-manifest.ts';

const idBytes = 8;
const recordBytes = idBytes + pagePrintBytes;
/** Records that are read at once: 96 KiB. */
const portionRecords = 4096;

export function encodePrints(prints: readonly PagePrint[]): Buffer {
  const bytes = Buffer.allocUnsafe(prints.length * recordBytes);
  for (const [index, { pageId, print }] of prints.entries()) {
    const at = bytes.writeDoubleLE(pageId, index * recordBytes);
    print.copy(bytes, at, 0, pagePrintBytes);
  }
  return bytes;
}

/**
 * Reads the prints of a spool's pages, in their order. The file has no checksum, and needs none: a print that was damaged is equal to
 * no other. Memory: a portion.
 */
export class PagePrints implements Disposable {
  readonly #file: number;
  #portion: Buffer = Buffer.alloc(0);
  #at = 0;
  #offset = 0;

  constructor(spoolFolder: string) {
    this.#file = openSync(join(spoolFolder, spoolPrintsName), 'r');
  }

  /** The next page, which stays the next; null after the last. */
  peek(): PagePrint | null {
    if (this.#at + recordBytes > this.#portion.length && !this.#read()) return null;
    const from = this.#at + idBytes;
    const print = this.#portion.subarray(from, from + pagePrintBytes);
    return { pageId: this.#portion.readDoubleLE(this.#at), print };
  }

  /** The next pages, so many or as many as there are. */
  take(count: number): readonly PagePrint[] {
    const taken: PagePrint[] = [];
    while (taken.length < count) {
      const next = this.peek();
      if (next === null) break;
      this.#at += recordBytes;
      taken.push(next);
    }
    return taken;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #read(): boolean {
    const bytes = Buffer.allocUnsafe(portionRecords * recordBytes);
    const read = readSync(this.#file, bytes, 0, bytes.length, this.#offset);
    const whole = read - (read % recordBytes);
    this.#portion = bytes.subarray(0, whole);
    this.#offset += whole;
    this.#at = 0;
    return whole > 0;
  }
}
