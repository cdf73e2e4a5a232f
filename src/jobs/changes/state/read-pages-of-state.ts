import type { StateComparison } from '../../../dumping/ledger/compare-states.ts';
import { findHints } from '../../../dumping/ledger/hints/find-hints.ts';
import { type HintedPage, hintedPages } from '../../../dumping/ledger/hints/hinted-pages.ts';
import type { LedgerCursor } from '../../../dumping/ledger/ledger-cursor.ts';
import type { MissingHashes } from '../../../dumping/ledger/missing-hashes.ts';
import type { StateDigester } from '../../../dumping/ledger/state-digester.ts';
import type { WikiReading } from '../../../dumping/wiki-access.ts';
import { readPages } from '../../../mediawiki/metadata/read-pages.ts';
import type { RedirectResolver } from '../../../mediawiki/metadata/read-pages-options.ts';
import type { PagePart } from '../../../mediawiki/record/page-part.ts';
import type { SiteInfo } from '../../../mediawiki/siteinfo/site-info.ts';

export interface StateReading {
  readonly reading: WikiReading;
  readonly mark: number;
  readonly redirects: RedirectResolver;
  readonly hashes: MissingHashes;
  readonly digester: StateDigester;
  readonly signal: AbortSignal;
  onPages(count: number): void;
}

/** All pages, in one pass over the whole metadata. */
export async function readAllPages(state: StateReading): Promise<void> {
  const { reading, redirects, signal } = state;
  for await (const chunk of readPages(reading.connection, reading.schema, { redirects, signal })) {
    const { parts } = await state.hashes.fill(chunk, signal);
    for (const part of parts) await state.digester.add(upTo(part, state.mark));
    state.onPages(chunk.parts.length);
  }
}

export interface HintedReading {
  readonly comparison: StateComparison;
  /** Stands at its first entry. */
  readonly reference: LedgerCursor;
  readonly bases: readonly LedgerCursor[];
  readonly takenAt: Date;
  readonly logs: number;
  /** Above this one revisions are new. */
  readonly after: number;
  readonly renamed: readonly number[];
  readonly siteInfo: SiteInfo;
  readonly isDue: (pageId: number) => boolean;
}

/**
 * Only the pages at which something hints since the reference; the others' entries are taken over from there.
 * @returns how many pages were read
 */
export async function readHintedPages(state: StateReading, hinted: HintedReading): Promise<number> {
  const { reading, signal, mark, redirects } = state;
  const { comparison, reference, bases, isDue, after, ...known } = hinted;
  const hints = await findHints(reading, { ...known, revisions: { after, upTo: mark } }, signal);
  let read = 0;
  for await (const portion of hintedPages(hints, { reference, bases, isDue })) {
    let next = 0;
    const passSame = async (before: number) => {
      for (let page = portion[next]; page !== undefined && idOf(page) < before; page = portion[++next]) {
        if (page.kind === 'same') await comparison.onSamePage(page.entry);
      }
    };
    const ids = portion.filter((page) => page.kind === 'read').map(idOf);
    read += ids.length;
    const options = { ids, fromPage: ids[0] ?? 0, redirects, signal };
    if (ids.length > 0) {
      for await (const chunk of readPages(reading.connection, reading.schema, options)) {
        const { parts } = await state.hashes.fill(chunk, signal);
        for (const part of parts) {
          await passSame(part.page.id);
          await state.digester.add(upTo(part, mark));
        }
      }
    }
    await passSame(Number.POSITIVE_INFINITY);
    state.onPages(portion.length);
  }
  return read;
}

const idOf = (page: HintedPage): number => (page.kind === 'read' ? page.id : page.entry.pageId);

/** A later revision belongs to a later day. */
function upTo(part: PagePart, mark: number): PagePart {
  const last = part.revisions.at(-1);
  if (last === undefined || last.id <= mark) return part;
  return { ...part, revisions: part.revisions.filter((revision) => revision.id <= mark) };
}
