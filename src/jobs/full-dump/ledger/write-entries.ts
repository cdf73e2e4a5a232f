import { CarriedEntries, redactedRevisions } from '../../../dumping/ledger/carried-entries.ts';
import type { LedgerCursor } from '../../../dumping/ledger/ledger-cursor.ts';
import type { LedgerPair } from '../../../dumping/ledger/ledger-pair.ts';
import type { MissingHashes } from '../../../dumping/ledger/missing-hashes.ts';
import { StateDigester } from '../../../dumping/ledger/state-digester.ts';
import { redactor } from '../../../dumping/piece/apply-redactions.ts';
import type { Redactions } from '../../../dumping/piece/piece-spec.ts';
import { PagePrints } from '../../../dumping/spool/page-prints.ts';
import type { SpoolEntry } from '../../../dumping/spool/spool-manifest.ts';
import type { SpoolReader } from '../../../dumping/spool/spool-reader.ts';
import type { LedgerEntry } from '../../../export/ledger/ledger-format.ts';
import type { WriterOptions } from '../../../export/writer/options.ts';
import type { PagePrint, RecordChunk } from '../../../mediawiki/record/page-part.ts';

export interface EntriesSources {
  readonly spoolFolder: string;
  readonly spool: SpoolReader;
  readonly writer: WriterOptions;
  readonly redactions: Redactions;
  readonly hashes: MissingHashes;
  /** The state of the date before, if its entries may be taken. */
  readonly before: LedgerCursor | null;
  readonly signal: AbortSignal;
  onChunk(done: number, total: number): void;
}

/**
 * Adds the entries of all pages of a spool to its ledgers: of pages whose print is what it was those of the date before, the others from
 * their records. Chunks of which all is taken over are not decoded. Memory: a chunk.
 * @returns how many pages were taken over
 */
export async function writeEntries(pair: LedgerPair, sources: EntriesSources): Promise<number> {
  const { spool, redactions, signal } = sources;
  const { entries } = spool.manifest;
  const redact = redactor(redactions);
  const redacted = redactedRevisions(redactions);
  const carried = sources.before && new CarriedEntries(sources.before, redactions);
  const hasPrints = entries.every(({ printed }) => printed !== undefined);
  using prints = hasPrints ? new PagePrints(sources.spoolFolder) : null;
  let printOf: ReadonlyMap<number, Buffer> = new Map();
  const unequal = new Set<number>();
  const digester = new StateDigester(sources.writer, {
    onPageEnd: async (entry) => {
      const print = unequal.delete(entry.pageId) ? undefined : printOf.get(entry.pageId);
      await pair.add(withPrint(entry, print));
    },
  });
  let taken = 0;
  const take = async (entry: LedgerEntry | undefined) => {
    if (entry === undefined) return;
    await pair.add(entry);
    taken += 1;
  };
  for (const [index, spoolEntry] of entries.entries()) {
    signal.throwIfAborted();
    const { ended, isAll, pages } = pagesOf(spoolEntry, prints);
    const same = new Map<number, LedgerEntry>();
    for (const page of pages) {
      const entry = await carried?.entryOf(page);
      if (entry) same.set(page.pageId, entry);
    }
    if (isAll && same.size === pages.length) {
      for (const { pageId } of ended) await take(same.get(pageId));
    } else {
      printOf = new Map(pages.map(({ pageId, print }) => [pageId, print]));
      const chunk = spool.chunk(index);
      noteUnequal(chunk, redacted, unequal);
      const parts = redact(chunk).parts.filter(({ page }) => !same.has(page.id));
      const missing = new Map(
        (await sources.hashes.fill({ ...chunk, parts }, signal)).parts.map((part) => [part.page.id, part]),
      );
      for (const { page, isLast } of chunk.parts) {
        const part = missing.get(page.id);
        if (part !== undefined) await digester.add(part);
        else if (isLast) await take(same.get(page.id));
      }
    }
    sources.onChunk(index + 1, entries.length);
  }
  return taken;
}

interface ChunkPages {
  /** Those that end in the chunk. */
  readonly ended: readonly PagePrint[];
  /** And the one that goes on in the next chunk. */
  readonly pages: readonly PagePrint[];
  /** Whether these are all pages of the chunk. */
  readonly isAll: boolean;
}

function pagesOf({ printed = 0, lastPage }: SpoolEntry, prints: PagePrints | null): ChunkPages {
  if (prints === null) return { ended: [], pages: [], isAll: false };
  const ended = prints.take(printed);
  if (ended.at(-1)?.pageId === lastPage) return { ended, pages: ended, isAll: true };
  const next = prints.peek();
  if (next?.pageId !== lastPage) return { ended, pages: ended, isAll: false };
  return { ended, pages: [...ended, next], isAll: true };
}

/**
 * Notes pages whose entries follow from more than their records: from texts, or from what the last look has found. Of a redacted page the
 * next date's records may be the same again, when its revision is shown again.
 */
function noteUnequal(chunk: RecordChunk, redacted: ReadonlySet<number>, unequal: Set<number>): void {
  for (const { page, revisions } of chunk.parts) {
    const isUnequal = revisions.some(
      ({ id, problems, slots }) =>
        problems.length > 0 || redacted.has(id) || slots.some(({ sha1 }) => sha1 === ''),
    );
    if (isUnequal) unequal.add(page.id);
  }
}

function withPrint(entry: LedgerEntry, print: Buffer | undefined): LedgerEntry {
  if (entry.details === undefined || print === undefined) return entry;
  return { ...entry, details: { ...entry.details, print } };
}
