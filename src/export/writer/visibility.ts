import {
  deletedBit,
  type PageRecord,
  type RevisionProblem,
  type RevisionRecord,
  type SlotRecord,
} from '../../mediawiki/record/revision-record.ts';
import type { WriterOptions } from './options.ts';

/** Problems that leave nothing truthful to print: the export format wants a timestamp and a main text with its model. */
const fatal: ReadonlySet<RevisionProblem> = new Set([
  'timestamp-invalid',
  'slot-missing',
  'main-slot-missing',
]);

/** Problems of rows that MediaWiki's inner joins lose. */
const lostByJoins: ReadonlySet<RevisionProblem> = new Set([
  'slot-missing',
  'actor-missing',
  'comment-missing',
]);

/** Why a revision is left out as a whole; null where it is printed. */
export function dropReason(revision: RevisionRecord, options: WriterOptions): RevisionProblem | null {
  if (revision.problems.length > 0) {
    for (const problem of revision.problems) {
      if (fatal.has(problem) || (options.asMediawiki && lostByJoins.has(problem))) return problem;
    }
  }
  const main = revision.slots[0];
  if (main === undefined || main.role !== 'main') return 'main-slot-missing';
  return main.model === '' ? 'model-unknown' : null;
}

/**
 * Whether a revision's texts are hidden. MediaWiki shows the text of a page's latest revision even if it is hidden;
 * Rota does so only where it must give the same bytes.
 */
export function isTextHidden(page: PageRecord, revision: RevisionRecord, options: WriterOptions): boolean {
  if ((revision.deleted & deletedBit.text) === 0) return false;
  return !(options.asMediawiki && revision.id === page.latestRevisionId);
}

/** Slots other than main are in 0.11 only. A slot without a model cannot be described, and is left out. */
export function isSlotPrinted(slot: SlotRecord, options: WriterOptions): boolean {
  return slot.role === 'main' || (options.schema === '0.11' && slot.model !== '' && slot.role !== '');
}

/** Whether a slot's text must be read to write its revision: to print it, or to compute a hash that no row holds. */
export function needsText(
  page: PageRecord,
  revision: RevisionRecord,
  slot: SlotRecord,
  options: WriterOptions,
): boolean {
  if (dropReason(revision, options) !== null) return false;
  const printed = isSlotPrinted(slot, options);
  const hidden = isTextHidden(page, revision, options);
  if (options.texts === 'full' && printed && !hidden) return true;
  if (slot.sha1 !== '') return false;
  const inAttribute = options.schema === '0.11' && printed && (!hidden || options.asMediawiki);
  const inRevisionHash = revision.sha1 === '' && !hidden;
  return inAttribute || inRevisionHash;
}
