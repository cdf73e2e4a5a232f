import { findHints } from '../../../dumping/ledger/hints/find-hints.ts';
import { noRedactions, type Redactions } from '../../../dumping/piece/piece-spec.ts';
import { SpoolReader } from '../../../dumping/spool/spool-reader.ts';
import type { WikiReading } from '../../../dumping/wiki-access.ts';
import { greatestLogId } from '../../../mediawiki/metadata/read-logs.ts';
import {
  type PageRangeVisibility,
  readPageRangeVisibility,
  readRevisionVisibility,
} from '../../../mediawiki/metadata/read-visibility.ts';
import type { SiteInfo } from '../../../mediawiki/siteinfo/site-info.ts';
import { mergeRedactions } from '../content/redactions.ts';
import { IdSet } from '../spool/id-set.ts';

export interface FoundChanges {
  readonly redactions: Redactions;
  /** Chunks of the spool in which something has to be taken out. */
  readonly chunks: readonly number[];
}

export interface LookOptions {
  /** What is taken out already. */
  readonly known: Redactions;
  readonly signal: AbortSignal;
  readonly now: Date;
  onChunk(done: number, total: number): void;
}

/**
 * Looks, one time after the other, at what is in the spool: pages and revisions that are gone, revisions of which more is
 * hidden. What became visible stays hidden in this dump; a revision that moved to another page is still public and
 * stays where the snapshot had it. The first look reads the visibility of everything; later ones that of pages that
 * are gone, or at which something hints since the look before: so that they take little time, in which little happens.
 * Memory: one chunk, the ids of two, and two bits for each page id.
 */
export class VisibilityLook {
  readonly #spoolFolder: string;
  readonly #siteInfo: SiteInfo;
  readonly #pages = new IdSet();
  #before: { readonly takenAt: Date; readonly logs: number } | null = null;

  constructor(spoolFolder: string, siteInfo: SiteInfo) {
    this.#spoolFolder = spoolFolder;
    this.#siteInfo = siteInfo;
  }

  async look(reading: WikiReading, options: LookOptions): Promise<FoundChanges> {
    const logs = await greatestLogId(reading.connection, reading.schema, options.signal);
    using spool = SpoolReader.open(this.#spoolFolder);
    const { entries } = spool.manifest;
    const changed = this.#before === null ? null : await this.#changedPages(reading, this.#before, options);
    const chosen = [...entries.keys()].filter((index) => {
      const entry = entries[index];
      return (
        changed === null || (entry !== undefined && hasBetween(changed, entry.firstPage, entry.lastPage))
      );
    });
    let redactions = noRedactions;
    const chunks: number[] = [];
    let ahead: ChunkSeen | null = null;
    for (const [done, index] of chosen.entries()) {
      options.signal.throwIfAborted();
      const seen: ChunkSeen = ahead ?? seenIn(spool, index);
      if (changed === null) for (const id of seen.pages) this.#pages.add(id);
      const answer = visibilityNow(reading, seen, options.signal);
      // It is heard below; if reading the spool fails before, that is what is told.
      answer.catch(() => undefined);
      const next = chosen[done + 1];
      // Read while the server looks for its answer.
      ahead = next === undefined ? null : seenIn(spool, next);
      const found = await changesOf(reading, seen, await answer, options);
      if (found !== null) {
        redactions = mergeRedactions(redactions, found);
        chunks.push(index);
      }
      options.onChunk(done + 1, chosen.length);
    }
    this.#before = { takenAt: options.now, logs };
    return { redactions, chunks };
  }

  /** Ascending. */
  async #changedPages(
    reading: WikiReading,
    before: { readonly takenAt: Date; readonly logs: number },
    { signal }: LookOptions,
  ): Promise<Float64Array> {
    const sources = { ...before, revisions: null, renamed: [], siteInfo: this.#siteInfo };
    const hints = await findHints(reading, sources, signal);
    const changed: number[] = [];
    const existing = new IdSet();
    for await (const portion of hints.touches()) {
      for (const { id, isTouched } of portion) {
        existing.add(id);
        if ((isTouched || hints.pages.has(id)) && this.#pages.has(id)) changed.push(id);
      }
    }
    for (const id of this.#pages.ids()) if (!existing.has(id)) changed.push(id);
    return Float64Array.from(changed).sort();
  }
}

/** Whether a rising list has a number of a range, both ends included. */
function hasBetween(sorted: Float64Array, first: number, last: number): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  return (sorted[low] ?? Number.POSITIVE_INFINITY) <= last;
}

/** Of a chunk what a look compares: its pages, and of each revision its id, rev_deleted and place in the list of pages. */
interface ChunkSeen {
  readonly pages: readonly number[];
  readonly ids: readonly number[];
  readonly deleted: readonly number[];
  readonly pageAt: readonly number[];
}

function seenIn(spool: SpoolReader, index: number): ChunkSeen {
  const pages: number[] = [];
  const ids: number[] = [];
  const deleted: number[] = [];
  const pageAt: number[] = [];
  spool.walk(index, {
    begin: ({ page }) => pages.push(page.id),
    revision: (_page, revision) => {
      ids.push(revision.id);
      deleted.push(revision.deleted);
      pageAt.push(pages.length - 1);
    },
    end: () => undefined,
  });
  return { pages, ids, deleted, pageAt };
}

async function visibilityNow(
  reading: WikiReading,
  { pages, ids }: ChunkSeen,
  signal: AbortSignal,
): Promise<PageRangeVisibility> {
  const [first, last] = [pages[0], pages.at(-1)];
  if (first === undefined || last === undefined) return { pages: new Set(), revisions: new Map() };
  let [fromRevision, toRevision] = [Number.MAX_SAFE_INTEGER, 0];
  for (const id of ids) {
    fromRevision = Math.min(fromRevision, id);
    toRevision = Math.max(toRevision, id);
  }
  const range = { first, last, fromRevision, toRevision, signal };
  return await readPageRangeVisibility(reading.connection, reading.schema, range);
}

async function changesOf(
  reading: WikiReading,
  seen: ChunkSeen,
  now: PageRangeVisibility,
  { known, signal }: LookOptions,
): Promise<Redactions | null> {
  const hiddenRevisions: Record<string, number> = {};
  const noteHidden = (id: number, before: number, bits: number) => {
    const added = bits & ~(before | (known.hiddenRevisions[id] ?? 0));
    if (added !== 0) hiddenRevisions[id] = bits;
  };
  const isGone = seen.pages.map((id) => !now.pages.has(id));
  const gonePages = seen.pages.filter((id, at) => isGone[at] === true && !known.gonePages.includes(id));
  const missing: number[] = [];
  const deletedBefore = new Map<number, number>();
  for (const [at, id] of seen.ids.entries()) {
    if (isGone[seen.pageAt[at] ?? 0] === true) continue;
    const before = seen.deleted[at] ?? 0;
    const bits = now.revisions.get(id);
    if (bits !== undefined) {
      noteHidden(id, before, bits);
      continue;
    }
    deletedBefore.set(id, before);
    missing.push(id);
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
