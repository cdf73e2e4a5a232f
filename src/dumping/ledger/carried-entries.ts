import type { LedgerEntry } from '../../export/ledger/ledger-format.ts';
import type { PagePrint } from '../../mediawiki/record/page-part.ts';
import { noPrint } from '../../mediawiki/record/page-print.ts';
import type { Redactions } from '../piece/piece-spec.ts';
import type { LedgerCursor } from './ledger-cursor.ts';

/**
 * Entries of the state of the date before, for pages of which the database says the same, byte for byte: what is printed of them is the
 * same, too. Memory: one entry.
 */
export class CarriedEntries {
  readonly #before: LedgerCursor;
  readonly #gonePages: ReadonlySet<number>;
  readonly #redacted: ReadonlySet<number>;

  /**
   * @param before a state with prints of the same kind, which stands at its first entry
   * @param redactions what is not in this state, though it is in its records
   */
  constructor(before: LedgerCursor, redactions: Redactions) {
    this.#before = before;
    this.#gonePages = new Set(redactions.gonePages);
    this.#redacted = redactedRevisions(redactions);
  }

  /** Pages must be asked for in ascending order; one may be asked for again. Null where the entry must be made. */
  async entryOf({ pageId, print }: PagePrint): Promise<LedgerEntry | null> {
    const before = this.#before;
    while (before.entry !== null && before.entry.pageId < pageId) await before.advance();
    const { entry } = before;
    if (entry === null || entry.pageId !== pageId || entry.details?.print === undefined) return null;
    if (!print.equals(entry.details.print) || print.equals(noPrint)) return null;
    if (this.#gonePages.has(pageId)) return null;
    return this.#redacted.size > 0 && entry.details.ids.some((id) => this.#redacted.has(id)) ? null : entry;
  }
}

export function redactedRevisions({ goneRevisions, hiddenRevisions }: Redactions): ReadonlySet<number> {
  return new Set([...goneRevisions, ...Object.keys(hiddenRevisions).map(Number)]);
}
