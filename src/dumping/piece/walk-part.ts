import type { WriterOptions } from '../../export/writer/options.ts';
import { dropReason } from '../../export/writer/visibility.ts';
import type { PagePart } from '../../mediawiki/record/page-part.ts';
import type { RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import { isInside, type PositionRange, tailRevision } from '../carry/position.ts';
import { framing } from '../threads/render-chunk.ts';

/** Takes what a piece writes of a page, in order. */
export interface PartVisitor {
  head(): void;
  /** The page began before: in another chunk or another piece. */
  continued(): void;
  /** @param index of the revision in the part */
  revision(revision: RevisionRecord, index: number): void;
  /** A revision that is in no output. */
  dropped(revision: RevisionRecord, index: number): void;
  tail(): void;
}

/**
 * Goes through what a piece writes of a part: what is compared with the date before, what is asked of the database and
 * what is written must be the same units in the same order. A piece may begin and end inside a part; whether the page
 * has a head is decided by the whole part all the same, so that the cuts of pieces change nothing.
 */
export function walkPart(
  part: PagePart,
  writer: WriterOptions,
  range: PositionRange,
  visitor: PartVisitor,
): void {
  const { id } = part.page;
  const { head, tail } = framing(part, writer);
  const begins = part.isFirst && isInside(range, id, 0);
  if (begins && head) visitor.head();
  let continued = begins;
  for (const [index, revision] of part.revisions.entries()) {
    if (!isInside(range, id, revision.id)) continue;
    if (!continued) {
      visitor.continued();
      continued = true;
    }
    if (dropReason(revision, writer) === null) visitor.revision(revision, index);
    else visitor.dropped(revision, index);
  }
  if (!tail || !isInside(range, id, tailRevision)) return;
  if (!continued) visitor.continued();
  visitor.tail();
}
