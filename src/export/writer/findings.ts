import type { RevisionProblem } from '../../mediawiki/record/revision-record.ts';

/** What is wrong with a revision as it was written; the run lists it. */
export interface RevisionFinding {
  /**
   * - `mismatch`: the text does not have the stored hash; it is printed, as MediaWiki prints it.
   * - `failed`: the text could not be read; its element has no content, as MediaWiki prints it.
   * - `dropped`: the revision (or with a role other than main, that slot) is not in the output.
   * - `incomplete`: printed, but something that a row lacks is missing from it (no contributor, no comment).
   */
  readonly kind: 'mismatch' | 'failed' | 'dropped' | 'incomplete';
  /** The slot concerned; '' where it is the revision as a whole. */
  readonly role: string;
  readonly code: RevisionProblem | 'sha1-mismatch' | string;
  readonly detail: string;
}

/** Every revision without a fault gets this one. */
export const noFindings: readonly RevisionFinding[] = Object.freeze([]);
