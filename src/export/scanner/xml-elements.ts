import type { ScannedItem, ScannedPage } from './scan-result.ts';
import { XmlScanner } from './xml-scanner.ts';

/**
 * Export XML cut where its elements end. Every byte is in exactly one of them, so that writing them one after the other
 * gives the XML again.
 */
export type XmlElement =
  /** Through `</siteinfo>`. */
  | { readonly kind: 'head'; readonly bytes: Buffer }
  /** From `<page>` to its first revision. */
  | { readonly kind: 'page'; readonly pageId: number; readonly bytes: Buffer }
  | { readonly kind: 'revision'; readonly pageId: number; readonly id: number; readonly bytes: Buffer }
  /** What follows the last revision, through `</page>`. */
  | { readonly kind: 'page-end'; readonly pageId: number; readonly bytes: Buffer }
  | { readonly kind: 'foot'; readonly bytes: Buffer };

/**
 * Reads pages and their revisions as they come. Memory: a chunk and the largest revision. Whether the XML was whole is
 * the caller's to ask: what follows the last page is its foot, whatever it is.
 */
export async function* xmlElements(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<XmlElement, void, void> {
  const cutter = new ElementCutter();
  for await (const chunk of chunks) yield* cutter.push(chunk);
  yield* cutter.finish();
}

class ElementCutter {
  readonly #scanner: XmlScanner;
  #found: XmlElement[] = [];
  /** Bytes from #start on that are in no element yet. */
  #pending: Buffer[] = [];
  #start = 0;
  #headIsOut = false;
  #openPage = false;

  constructor() {
    this.#scanner = new XmlScanner({
      onHead: (end) => {
        if (!this.#headIsOut) this.#found.push({ kind: 'head', bytes: this.#take(end) });
        this.#headIsOut = true;
      },
      onRevision: (revision) => this.#revision(revision),
      onPage: (page) => this.#page(page),
    });
  }

  push(chunk: Buffer): readonly XmlElement[] {
    this.#pending.push(chunk);
    this.#scanner.push(chunk);
    return this.#takeFound();
  }

  finish(): readonly XmlElement[] {
    this.#scanner.finish();
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    return [...this.#takeFound(), { kind: 'foot', bytes }];
  }

  #revision({ pageId, id, start, end }: ScannedItem): void {
    if (pageId === null) return;
    if (!this.#openPage) this.#found.push({ kind: 'page', pageId, bytes: this.#take(start) });
    this.#openPage = true;
    this.#found.push({ kind: 'revision', pageId, id, bytes: this.#take(end) });
  }

  #page({ id, end, revisions }: ScannedPage): void {
    if (revisions === 0) this.#found.push({ kind: 'page', pageId: id, bytes: Buffer.alloc(0) });
    this.#openPage = false;
    this.#found.push({ kind: 'page-end', pageId: id, bytes: this.#take(end) });
  }

  #takeFound(): readonly XmlElement[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /** All bytes before an offset of the XML. */
  #take(end: number): Buffer {
    let wanted = end - this.#start;
    this.#start = end;
    const first = this.#pending[0];
    if (first !== undefined && wanted <= first.length) {
      this.#pending[0] = first.subarray(wanted);
      return first.subarray(0, wanted);
    }
    const parts: Buffer[] = [];
    while (wanted > 0) {
      const part = this.#pending.shift();
      if (part === undefined) break;
      if (part.length > wanted) this.#pending.unshift(part.subarray(wanted));
      parts.push(part.subarray(0, wanted));
      wanted -= Math.min(part.length, wanted);
    }
    return Buffer.concat(parts);
  }
}
