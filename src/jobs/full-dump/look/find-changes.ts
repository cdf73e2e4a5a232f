import { noRedactions, type Redactions } from '../../../dumping/piece/piece-spec.ts';
import { SpoolReader } from '../../../dumping/spool/spool-reader.ts';
import type { WikiReading } from '../../../dumping/wiki-access.ts';
import {
  readPageRangeVisibility,
  readRevisionVisibility,
} from '../../../mediawiki/metadata/read-visibility.ts';
import type { RecordChunk } from '../../../mediawiki/record/page-part.ts';
import { mergeRedactions } from '../content/redactions.ts';

export interface FoundChanges {
  readonly redactions: Redactions;
  /** Chunks of the spool in which something has to be taken out. */
  readonly chunks: readonly number[];
}

/**
 * Reads the visibility of everything in the spool again: pages and revisions that are gone, revisions of which more is
 * hidden. What became visible stays hidden in this dump; a revision that moved to another page is still public and
 * stays where the snapshot had it. Memory: one chunk.
 */
export async function findChanges(
  reading: WikiReading,
  spoolFolder: string,
  known: Redactions,
  options: { readonly signal: AbortSignal; onChunk(index: number, total: number): void },
): Promise<FoundChanges> {
  using spool = SpoolReader.open(spoolFolder);
  const { entries } = spool.manifest;
  let redactions = noRedactions;
  const chunks: number[] = [];
  for (const index of entries.keys()) {
    options.signal.throwIfAborted();
    const found = await changesOf(reading, spool.chunk(index), known, options.signal);
    if (found !== null) {
      redactions = mergeRedactions(redactions, found);
      chunks.push(index);
    }
    options.onChunk(index + 1, entries.length);
  }
  return { redactions, chunks };
}

async function changesOf(
  reading: WikiReading,
  chunk: RecordChunk,
  known: Redactions,
  signal: AbortSignal,
): Promise<Redactions | null> {
  const first = chunk.parts[0];
  const last = chunk.parts.at(-1);
  if (!first || !last) return null;
  let [fromRevision, toRevision] = [Number.MAX_SAFE_INTEGER, 0];
  for (const part of chunk.parts) {
    for (const { id } of part.revisions) {
      fromRevision = Math.min(fromRevision, id);
      toRevision = Math.max(toRevision, id);
    }
  }
  const now = await readPageRangeVisibility(reading.connection, reading.schema, {
    first: first.page.id,
    last: last.page.id,
    fromRevision,
    toRevision,
    signal,
  });
  const gonePages: number[] = [];
  const missing: number[] = [];
  const hiddenRevisions: Record<string, number> = {};
  const noteHidden = (id: number, before: number, bits: number) => {
    const added = bits & ~(before | (known.hiddenRevisions[id] ?? 0));
    if (added !== 0) hiddenRevisions[id] = bits;
  };
  const deletedBefore = new Map<number, number>();
  for (const part of chunk.parts) {
    if (!now.pages.has(part.page.id)) {
      if (!known.gonePages.includes(part.page.id)) gonePages.push(part.page.id);
      continue;
    }
    for (const revision of part.revisions) {
      const bits = now.revisions.get(revision.id);
      if (bits !== undefined) {
        noteHidden(revision.id, revision.deleted, bits);
        continue;
      }
      deletedBefore.set(revision.id, revision.deleted);
      missing.push(revision.id);
    }
  }
  const elsewhere = await readRevisionVisibility(reading.connection, reading.schema, missing, signal);
  const goneRevisions: number[] = [];
  for (const id of missing) {
    const bits = elsewhere.get(id);
    if (bits !== undefined) noteHidden(id, deletedBefore.get(id) ?? 0, bits);
    else if (!known.goneRevisions.includes(id)) goneRevisions.push(id);
  }
  if (gonePages.length + goneRevisions.length + Object.keys(hiddenRevisions).length === 0) return null;
  return { gonePages, goneRevisions, hiddenRevisions };
}
