import type { PagePart, RecordChunk } from '../../mediawiki/record/page-part.ts';
import type { RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import type { Redactions } from './piece-spec.ts';

/** Makes a function that takes out of a chunk what was hidden or deleted after the spool was written. */
export function redactor(redactions: Redactions): (chunk: RecordChunk) => RecordChunk {
  const gonePages = new Set(redactions.gonePages);
  const goneRevisions = new Set(redactions.goneRevisions);
  const hidden = new Map(Object.entries(redactions.hiddenRevisions).map(([id, bits]) => [Number(id), bits]));
  if (gonePages.size + goneRevisions.size + hidden.size === 0) return (chunk) => chunk;

  const redactRevision = (revision: RevisionRecord): RevisionRecord => {
    const bits = hidden.get(revision.id);
    // Bits are only added: what a reader could not see when the spool was written stays unseen.
    return bits === undefined ? revision : { ...revision, deleted: revision.deleted | bits };
  };
  return (chunk) => {
    const parts: PagePart[] = chunk.parts
      .filter((part) => !gonePages.has(part.page.id))
      .map((part) => ({
        ...part,
        revisions: part.revisions.filter((revision) => !goneRevisions.has(revision.id)).map(redactRevision),
      }));
    return { ...chunk, parts, revisionCount: parts.reduce((sum, part) => sum + part.revisions.length, 0) };
  };
}
