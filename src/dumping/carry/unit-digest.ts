import { hash } from 'node:crypto';
import type { WriterOptions } from '../../export/writer/options.ts';
import { isTextHidden } from '../../export/writer/visibility.ts';
import type { PageRecord, RevisionRecord } from '../../mediawiki/record/revision-record.ts';

/**
 * A digest of what a unit's bytes follow from, other than the settings that a whole file shares (see CarryKey): 32 bytes as
 * latin1 characters, for a Buffer each costs more than the hash. Null where they follow from more than metadata: then the unit is
 * never carried over.
 */
export type UnitDigest = string | null;

/** The bytes themselves: they hold all that titles, namespaces and redirects come to. */
export function headDigest(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'binary');
}

/** All tails are alike. */
export const tailDigest: string = hash('sha256', 'tail', 'binary');

/**
 * Of everything that is printed of a revision and of its texts' SHA-1, but not of where they lie: addresses move
 * without any change. A text without a stored SHA-1 has to be read to know whether it is the same.
 */
export function revisionDigest(
  page: PageRecord,
  revision: RevisionRecord,
  writer: WriterOptions,
): UnitDigest {
  if (revision.problems.length > 0) return null;
  const printed: unknown[] = [
    revision.id,
    revision.parentId,
    revision.timestamp,
    revision.isMinor,
    revision.deleted,
    isTextHidden(page, revision, writer),
    revision.sha1,
    revision.userId,
    revision.userName,
    revision.comment,
  ];
  for (const slot of revision.slots) {
    if (slot.sha1 === '') return null;
    printed.push(slot.role, slot.originRevisionId, slot.model, slot.sizeBytes, slot.sha1);
  }
  return hash('sha256', JSON.stringify(printed), 'binary');
}
