import type { WriterOptions } from '../../export/writer/options.ts';
import type { PageRenderer } from '../../export/writer/page-renderer.ts';
import { dropReason, needsText } from '../../export/writer/visibility.ts';
import { type ChunkVisitor, walkChunk } from '../../mediawiki/record/chunk-codec.ts';
import type { PagePart } from '../../mediawiki/record/page-part.ts';
import type { PageRecord, RevisionRecord, UploadRecord } from '../../mediawiki/record/revision-record.ts';
import type { FailedRevision } from './failed-revision.ts';
import type { ChunkTexts } from './text-loader.ts';

/**
 * Renders a chunk's pages, one after the other, into the renderer's buffer.
 * @param chunk as chunk-codec.ts encodes it
 */
export function renderChunk(
  renderer: PageRenderer,
  writer: WriterOptions,
  chunk: Uint8Array,
  texts: ChunkTexts,
): FailedRevision[] {
  const rendering = new ChunkRendering(renderer, writer, texts);
  walkChunk(chunk, rendering);
  return rendering.failed;
}

/** Decides as {@link framing} does, without having all revisions of a part at hand. */
class ChunkRendering implements ChunkVisitor {
  readonly failed: FailedRevision[] = [];
  readonly #renderer: PageRenderer;
  readonly #writer: WriterOptions;
  readonly #texts: ChunkTexts;
  #part: Omit<PagePart, 'revisions' | 'uploads'> | null = null;
  #isPrintable = false;

  constructor(renderer: PageRenderer, writer: WriterOptions, texts: ChunkTexts) {
    this.#renderer = renderer;
    this.#writer = writer;
    this.#texts = texts;
  }

  begin(part: Omit<PagePart, 'revisions' | 'uploads'>): void {
    this.#part = part;
    this.#isPrintable = false;
    if (part.isFirst && !part.isLast) this.#renderer.pageHead(part.page);
  }

  revision(page: PageRecord, revision: RevisionRecord): void {
    const part = this.#part;
    if (!this.#isPrintable && dropReason(revision, this.#writer) === null) {
      this.#isPrintable = true;
      if (part?.isFirst && part.isLast) this.#renderer.pageHead(page);
    }
    const texts = revision.slots.map((slot) =>
      needsText(page, revision, slot, this.#writer) ? this.#texts.next() : null,
    );
    for (const finding of this.#renderer.revision(page, revision, texts)) {
      this.failed.push({ page: page.id, revision: revision.id, ...finding });
    }
  }

  end(uploads: readonly UploadRecord[] = []): void {
    const part = this.#part;
    if (part === null || !part.isLast || !(this.#isPrintable || !part.isFirst)) return;
    for (const upload of uploads) {
      for (const { kind, code, path } of this.#renderer.upload(upload)) {
        const where = { page: part.page.id, revision: 0, role: '' };
        this.failed.push({ ...where, kind, code, detail: `the file ${path}` });
      }
    }
    this.#renderer.pageTail();
  }
}

/**
 * Whether a page's head and tail are written with this part. A page of which nothing can be printed is left out as
 * MediaWiki leaves it out. Where such a page is cut between chunks the head is written all the same: the other part
 * is rendered elsewhere, and a head without revisions is still well formed.
 */
export function framing(part: PagePart, writer: WriterOptions): { head: boolean; tail: boolean } {
  const printable = part.revisions.some((revision) => dropReason(revision, writer) === null);
  return {
    head: part.isFirst && (printable || !part.isLast),
    tail: part.isLast && (printable || !part.isFirst),
  };
}
