import type { LedgerEntry, LedgerHead, LedgerUser } from '../../export/ledger/ledger-format.ts';
import type { OpenLedger } from '../../export/ledger/read-ledger.ts';

/** Walks a ledger beside something else that ascends by page. */
export class LedgerCursor implements AsyncDisposable {
  readonly head: LedgerHead;
  readonly #ledger: OpenLedger;
  readonly #entries: AsyncGenerator<LedgerEntry, void, void>;
  #entry: LedgerEntry | null = null;
  /** Entries behind the current one that were read ahead, in order, from {@link #next} on. */
  #ahead: LedgerEntry[] = [];
  #next = 0;
  #isAtEnd = false;

  private constructor(ledger: OpenLedger) {
    this.head = ledger.head;
    this.#ledger = ledger;
    this.#entries = ledger.entries();
  }

  /** Stands before the first entry; {@link advance} goes there. */
  static of(ledger: OpenLedger): LedgerCursor {
    return new LedgerCursor(ledger);
  }

  static async open(ledger: OpenLedger): Promise<LedgerCursor> {
    const cursor = new LedgerCursor(ledger);
    await cursor.advance();
    return cursor;
  }

  /** To be read before the first entry. */
  users(): AsyncGenerator<LedgerUser, void, void> {
    return this.#ledger.users();
  }

  /** Null after the last. */
  get entry(): LedgerEntry | null {
    return this.#entry;
  }

  async advance(): Promise<void> {
    const ahead = this.#ahead[this.#next];
    if (ahead === undefined) this.#entry = await this.#read();
    else {
      this.#next += 1;
      this.#entry = ahead;
    }
  }

  /**
   * The entries from the current one to a page, which stay to be walked. Memory: all of them.
   * @param pageId inclusive
   */
  async peekTo(pageId: number): Promise<readonly LedgerEntry[]> {
    this.#ahead = this.#ahead.slice(this.#next);
    this.#next = 0;
    while (!this.#isAtEnd && ((this.#ahead.at(-1) ?? this.#entry)?.pageId ?? 0) <= pageId) {
      const entry = await this.#read();
      if (entry !== null) this.#ahead.push(entry);
    }
    const all = this.#entry === null ? this.#ahead : [this.#entry, ...this.#ahead];
    return all.filter((entry) => entry.pageId <= pageId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#entries.return();
  }

  async #read(): Promise<LedgerEntry | null> {
    const next = await this.#entries.next();
    if (next.done !== true) return next.value;
    this.#isAtEnd = true;
    return null;
  }
}
