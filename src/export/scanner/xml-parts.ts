import type { ScanHandler, XmlScan } from './scan-result.ts';
import { XmlScanner } from './xml-scanner.ts';

/** A piece of export XML: whole lines. Put one behind the other, the parts are the XML again. */
export type XmlPart =
  /** Everything through `</siteinfo>`. */
  | { readonly kind: 'head'; readonly bytes: Buffer }
  /** From `<page>` to the first revision: title, namespace, id, redirect. Of a page without revisions, all of it. */
  | { readonly kind: 'page-open'; readonly pageId: number; readonly bytes: Buffer }
  | { readonly kind: 'revision'; readonly pageId: number; readonly id: number; readonly bytes: Buffer }
  /** Everything after the last revision (uploads, too) through `</page>`; may be empty. */
  | { readonly kind: 'page-close'; readonly pageId: number; readonly bytes: Buffer }
  | { readonly kind: 'log-item'; readonly id: number; readonly bytes: Buffer }
  /** From `</mediawiki>` on. Of what follows there, a megabyte or so; the rest, of several dumps in one file, is 'other'. */
  | { readonly kind: 'foot'; readonly bytes: Buffer }
  /** What belongs nowhere: there is such only in XML that is damaged, or not of this format. */
  | { readonly kind: 'other'; readonly bytes: Buffer }
  /** Comes last. */
  | { readonly kind: 'end'; readonly scan: XmlScan };

/**
 * Cuts export XML, which comes in chunks cut anywhere, into its parts. Memory: one part (a revision with its text),
 * and a chunk.
 */
export async function* xmlParts(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<XmlPart, void, void> {
  const cutter = new PartCutter();
  const scanner = new XmlScanner(cutter.handler);
  for await (const chunk of chunks) {
    cutter.add(chunk);
    scanner.push(chunk);
    yield* cutter.take();
  }
  const scan = scanner.finish();
  yield* cutter.take();
  yield* cutter.rest();
  yield { kind: 'end', scan };
}

type Cut = { readonly end: number } & (
  | { readonly kind: 'head' | 'other' }
  | { readonly kind: 'page-open' | 'page-close'; readonly pageId: number }
  | { readonly kind: 'revision'; readonly pageId: number; readonly id: number }
  | { readonly kind: 'log-item'; readonly id: number }
);

/** So much behind the end is kept in memory: only another dump is longer. */
const keptFoot = 1 << 20;

/** Keeps the bytes that belong to no finished part yet. Offsets are those of the XML. */
class PartCutter {
  readonly handler: ScanHandler = {
    onHead: (end) => this.#cut({ kind: 'head', end }),
    onPageStart: (start) => {
      this.#cutOther(start);
      this.#isOpening = true;
      this.#pageId = 0;
    },
    onPageId: (id) => {
      this.#pageId = id;
    },
    onRevisionStart: (start) => {
      this.#endOpening(start);
      this.#cutOther(start);
    },
    onRevision: (revision) =>
      this.#cut({ kind: 'revision', pageId: this.#pageId, id: revision.id, end: revision.end }),
    onPage: (page) => {
      this.#endOpening(page.end);
      this.#cut({ kind: 'page-close', pageId: page.id, end: page.end });
    },
    onLogItem: (item) => {
      this.#cutOther(item.start);
      this.#cut({ kind: 'log-item', id: item.id, end: item.end });
    },
    onEnd: (start) => {
      this.#cutOther(start);
      this.#isFoot = true;
    },
  };
  #chunks: Buffer[] = [];
  /** Offset of the first kept byte, and of the end of the last cut. */
  #start = 0;
  #cutAt = 0;
  #cuts: Cut[] = [];
  #pageId = 0;
  #isOpening = false;
  #isFoot = false;
  #hasFoot = false;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  *take(): Generator<XmlPart, void, void> {
    const cuts = this.#cuts;
    this.#cuts = [];
    for (const { end, ...part } of cuts) yield { ...part, bytes: this.#upTo(end) };
    if (this.#isFoot && this.#chunks.reduce((sum, { length }) => sum + length, 0) > keptFoot)
      yield* this.rest();
  }

  *rest(): Generator<XmlPart, void, void> {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    if (bytes.length === 0) return;
    const isFirst = this.#isFoot && !this.#hasFoot;
    this.#hasFoot ||= isFirst;
    yield { kind: isFirst ? 'foot' : 'other', bytes };
  }

  #endOpening(end: number): void {
    if (this.#isOpening) this.#cut({ kind: 'page-open', pageId: this.#pageId, end });
    this.#isOpening = false;
  }

  #cutOther(end: number): void {
    if (end > this.#cutAt) this.#cut({ kind: 'other', end });
  }

  #cut(cut: Cut): void {
    if (this.#isFoot) return;
    this.#cuts.push(cut);
    this.#cutAt = cut.end;
  }

  #upTo(end: number): Buffer {
    const taken: Buffer[] = [];
    let missing = end - this.#start;
    this.#start = end;
    while (missing > 0) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      if (chunk.length > missing) {
        taken.push(chunk.subarray(0, missing));
        this.#chunks[0] = chunk.subarray(missing);
        break;
      }
      taken.push(chunk);
      missing -= chunk.length;
      this.#chunks.shift();
    }
    const [only] = taken;
    return taken.length === 1 && only !== undefined ? only : Buffer.concat(taken);
  }
}
