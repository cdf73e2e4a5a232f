import { type XmlPart, xmlParts } from '../scanner/xml-parts.ts';

type RevisionPart = Extract<XmlPart, { kind: 'revision' }>;

/** Walks a dump's XML page by page, and within a page revision by revision. Memory: a revision and a chunk. */
export class XmlCursor implements AsyncDisposable {
  readonly #parts: AsyncGenerator<XmlPart, void, void>;
  #head: Buffer = Buffer.alloc(0);
  #page: { readonly id: number; readonly bytes: Buffer } | null = null;
  #revision: RevisionPart | null = null;
  #isWhole = false;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#parts = xmlParts(chunks);
  }

  /** Everything before the first page; known once the first page was asked for. */
  get head(): Buffer {
    return this.#head;
  }

  /** The page in hand; null before the first and after the last. */
  get page(): { readonly id: number; readonly bytes: Buffer } | null {
    return this.#page;
  }

  /** The next revision of the page in hand; null when it has no more. */
  get revision(): RevisionPart | null {
    return this.#revision;
  }

  /** At the end: the XML was closed, and ids only rose. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Goes to the next page; what is left of this one is passed over. */
  async nextPage(): Promise<void> {
    this.#page = null;
    this.#revision = null;
    for (;;) {
      const part = await this.#next();
      if (part === null) return;
      if (part.kind === 'head') this.#head = part.bytes;
      else if (part.kind === 'end') this.#isWhole = part.scan.closed && part.scan.idsAscending;
      else if (part.kind === 'page-open') {
        this.#page = { id: part.pageId, bytes: part.bytes };
        await this.nextRevision();
        return;
      }
    }
  }

  async nextRevision(): Promise<void> {
    this.#revision = null;
    for (;;) {
      const part = await this.#next();
      if (part === null || part.kind === 'page-close') return;
      if (part.kind !== 'revision') continue;
      this.#revision = part;
      return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.return();
  }

  async #next(): Promise<XmlPart | null> {
    const next = await this.#parts.next();
    return next.done === true ? null : next.value;
  }
}
