import type { WriterOptions } from '../../export/writer/options.ts';
import type { PageRenderer } from '../../export/writer/page-renderer.ts';
import { dropReason, needsText } from '../../export/writer/visibility.ts';
import type { PagePart, RecordChunk } from '../../mediawiki/record/page-part.ts';
import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import type { FailedRevision } from './failed-revision.ts';
import type { ChunkTexts } from './text-loader.ts';

/** Renders a chunk's pages, one after the other, into the renderer's buffer. */
export function renderChunk(
  renderer: PageRenderer,
  writer: WriterOptions,
  chunk: RecordChunk,
  texts: ChunkTexts,
): FailedRevision[] {
  const failed: FailedRevision[] = [];
  for (const part of chunk.parts) {
    const { head, tail } = framing(part, writer);
    if (head) renderer.pageHead(part.page);
    for (const revision of part.revisions) {
      const wanted = textsOf(writer, part, revision, texts);
      for (const finding of renderer.revision(part.page, revision, wanted)) {
        failed.push({ page: part.page.id, revision: revision.id, ...finding });
      }
    }
    for (const upload of tail ? (part.uploads ?? []) : []) {
      for (const { kind, code, path } of renderer.upload(upload)) {
        failed.push({ page: part.page.id, revision: 0, role: '', kind, code, detail: `the file ${path}` });
      }
    }
    if (tail) renderer.pageTail();
  }
  return failed;
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

export function textsOf(
  writer: WriterOptions,
  part: PagePart,
  revision: PagePart['revisions'][number],
  texts: ChunkTexts,
): (TextOutcome | null)[] {
  return revision.slots.map((slot) => (needsText(part.page, revision, slot, writer) ? texts.next() : null));
}
