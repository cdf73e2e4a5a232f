import { isoDate } from '../../../core/run-date.ts';
import type { LedgerEntry } from '../../../export/ledger/ledger-format.ts';
import type { LedgerCursor } from '../ledger-cursor.ts';
import type { PageHints } from './find-hints.ts';

/** A page that exists: to be read, or the same as in the state that is known. */
export type HintedPage =
  | { readonly kind: 'read'; readonly id: number }
  | { readonly kind: 'same'; readonly entry: LedgerEntry };

export interface KnownStates {
  /** The state that hints are counted from. Stands at its first entry; is walked to the end. */
  readonly reference: LedgerCursor;
  /** What the new state is compared with; only looked at. The reference may be one of them. */
  readonly bases: readonly LedgerCursor[];
  /** Pages that are read although nothing hints at them. */
  isDue(pageId: number): boolean;
}

/**
 * All pages that exist, ascending, in portions. A page need not be read if nothing hints at it, and the reference and all bases
 * have it with one digest. Memory: the ledgers' entries of a portion.
 */
export async function* hintedPages(
  hints: PageHints,
  { reference, bases, isDue }: KnownStates,
): AsyncGenerator<readonly HintedPage[], void, undefined> {
  for await (const portion of hints.touches()) {
    const last = portion.at(-1)?.id ?? 0;
    const known = new Map((await reference.peekTo(last)).map((entry) => [entry.pageId, entry]));
    const others = await Promise.all(
      bases
        .filter((base) => base !== reference)
        .map(async (base) => new Map((await base.peekTo(last)).map((entry) => [entry.pageId, entry]))),
    );
    yield portion.map(({ id, isTouched }): HintedPage => {
      const entry = known.get(id);
      const isSame =
        entry !== undefined &&
        !isTouched &&
        !hints.pages.has(id) &&
        !isDue(id) &&
        others.every((base) => base.get(id)?.digest.equals(entry.digest) === true);
      return isSame ? { kind: 'same', entry } : { kind: 'read', id };
    });
    if (bases.includes(reference)) continue;
    while (reference.entry !== null && reference.entry.pageId <= last) await reference.advance();
  }
}

/** Days after which every page was read, whatever hinted at it. */
export const readAgainDays = 28;

/** Of all pages a share, another one every day: what nothing hinted at is found in four weeks. */
export function dueOn(date: string, greatestPageId: number): (pageId: number) => boolean {
  const turn = (Date.parse(isoDate(date)) / 86_400_000) % readAgainDays;
  // A range, not every so manieth: rows of neighbouring pages lie together.
  return (pageId) => Math.floor((pageId * readAgainDays) / (greatestPageId + 1)) === turn;
}
