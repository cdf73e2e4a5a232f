import { type PrintedUser, printedUser } from '../../export/changes/contributor-name.ts';
import type { LedgerDetails, LedgerEntry } from '../../export/ledger/ledger-format.ts';
import type { PageRecord } from '../../mediawiki/record/revision-record.ts';
import type { LedgerCursor } from './ledger-cursor.ts';
import type { RenamedUsers } from './renamed-users.ts';
import type { DigestedRevision, StateHandler } from './state-digester.ts';

/** What is told of the difference, ascending by page and, after `page`, by revision. Views are valid for the call only. */
export interface DifferenceSink {
  page(page: PageRecord, head: Buffer): void;
  pageGone(pageId: number): void;
  revisionGone(pageId: number, id: number): void;
  revisionMeta(pageId: number, id: number, xml: Buffer): void;
  /** A registered user has another name than in a base; nothing else of some revision of his is different. */
  userRenamed(user: PrintedUser): void;
  /** At or below the mark: appeared, became readable again, or has another text. */
  revisionRestored(pageId: number, id: number): void;
  /** Every entry of the new state. */
  entry(entry: LedgerEntry): Promise<void>;
}

interface Base {
  readonly cursor: LedgerCursor;
  readonly renamed: RenamedUsers;
  /** Of the page in hand; null where the base has no such page. */
  details: LedgerDetails | null;
  at: number;
}

/**
 * Compares a state, as it is digested, with those that dumps were made of before: the ledgers of the day before and of
 * a full dump since. Whatever differs from any of them is told, so that all of them can be brought up to date by the
 * same files.
 * @param mark the greatest revision id that the bases' dumps hold; newer ones are not told, for they are in the day's XML
 */
export class StateComparison implements StateHandler {
  readonly #bases: readonly Base[];
  readonly #mark: number;
  readonly #sink: DifferenceSink;
  #pageId = 0;

  /** @param bases cursors that stand at their first entry, and which users have other names today than there */
  constructor(
    bases: readonly { readonly cursor: LedgerCursor; readonly renamed: RenamedUsers }[],
    mark: number,
    sink: DifferenceSink,
  ) {
    this.#bases = bases.map((base) => ({ ...base, details: null, at: 0 }));
    this.#mark = mark;
    this.#sink = sink;
  }

  async onPage(page: PageRecord, head: Buffer, headDigest: Buffer): Promise<void> {
    await this.#passPagesBefore(page.id);
    this.#pageId = page.id;
    let differs = false;
    for (const base of this.#bases) {
      const { entry } = base.cursor;
      base.details = entry?.pageId === page.id ? (entry.details ?? null) : null;
      base.at = 0;
      if (base.details === null || !base.details.headDigest.equals(headDigest)) differs = true;
    }
    if (differs) this.#sink.page(page, head);
  }

  onRevision(revision: DigestedRevision, xml: Buffer): void {
    const { id, digest, textKey } = revision;
    let isNew = false;
    let isRenamed = false;
    let hasOtherText = false;
    let differs = false;
    this.#passRevisionsBefore(id);
    for (const base of this.#bases) {
      const { details, at } = base;
      if (details?.ids[at] !== id) {
        isNew = true;
        continue;
      }
      base.at += 1;
      if (details.textKeys[at] !== textKey && textKey !== 0) hasOtherText = true;
      if (isSame(details, at, digest)) continue;
      if (isSame(details, at, asNamedIn(base, revision))) isRenamed = true;
      else differs = true;
    }
    if (id > this.#mark) return;
    if (isNew || hasOtherText) this.#sink.revisionRestored(this.#pageId, id);
    else if (differs) this.#sink.revisionMeta(this.#pageId, id, xml);
    else if (isRenamed) this.#userRenamed(id, xml);
  }

  #userRenamed(id: number, xml: Buffer): void {
    const user = printedUser(xml);
    if (user === null) this.#sink.revisionMeta(this.#pageId, id, xml);
    else this.#sink.userRenamed(user);
  }

  async onPageEnd(entry: LedgerEntry): Promise<void> {
    this.#passRevisionsBefore(Number.POSITIVE_INFINITY);
    await this.#passEntry(entry);
  }

  /**
   * A page that was not read again, for it is the same in all bases: its entry is taken over.
   * @param entry of the page, in the state that is being made
   */
  async onSamePage(entry: LedgerEntry): Promise<void> {
    await this.#passPagesBefore(entry.pageId);
    await this.#passEntry(entry);
  }

  /** Writes a page's entry, and leaves the page in all bases. */
  async #passEntry(entry: LedgerEntry): Promise<void> {
    await this.#sink.entry(entry);
    for (const { cursor } of this.#bases) if (cursor.entry?.pageId === entry.pageId) await cursor.advance();
  }

  /** Tells of the pages that are left in the bases. */
  async finish(): Promise<void> {
    await this.#passPagesBefore(Number.POSITIVE_INFINITY);
  }

  /** Pages of the bases that the state has no more. */
  async #passPagesBefore(pageId: number): Promise<void> {
    for (;;) {
      const gone = Math.min(
        ...this.#bases.map(({ cursor }) => cursor.entry?.pageId ?? Number.POSITIVE_INFINITY),
      );
      if (!(gone < pageId)) return;
      this.#sink.pageGone(gone);
      this.#pageId = gone;
      for (const base of this.#bases) {
        const { entry } = base.cursor;
        base.details = entry?.pageId === gone ? (entry.details ?? null) : null;
        base.at = 0;
      }
      this.#passRevisionsBefore(Number.POSITIVE_INFINITY);
      for (const { cursor } of this.#bases) if (cursor.entry?.pageId === gone) await cursor.advance();
    }
  }

  /** Revisions of the page in hand that the bases have and the state does not; each is told once, in order. */
  #passRevisionsBefore(id: number): void {
    for (;;) {
      let gone = id;
      for (const { details, at } of this.#bases) gone = Math.min(gone, details?.ids[at] ?? id);
      if (gone >= id) return;
      this.#sink.revisionGone(this.#pageId, gone);
      for (const base of this.#bases) if (base.details?.ids[base.at] === gone) base.at += 1;
    }
  }
}

/** The revision's digest if its contributor still had the name that the base has. */
function asNamedIn({ renamed }: Base, { userId, digestAs }: DigestedRevision): string | null {
  const name = renamed.get(userId);
  // Names with line breaks, out of a damaged table, could not be found in the XML again.
  return name === undefined || /[\r\n]/.test(name) ? null : digestAs(name);
}

function isSame({ digests }: LedgerDetails, at: number, digest: string | null): boolean {
  return digest !== null && digests.toString('latin1', at * 8, at * 8 + 8) === digest;
}
