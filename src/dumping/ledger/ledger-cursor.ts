import type { LedgerEntry, LedgerHead, LedgerUser } from '../../export/ledger/ledger-format.ts';
import type { OpenLedger } from '../../export/ledger/read-ledger.ts';

/** Walks a ledger beside something else that ascends by page. */
export class LedgerCursor implements AsyncDisposable {
  readonly head: LedgerHead;
  readonly #ledger: OpenLedger;
  readonly #entries: AsyncGenerator<LedgerEntry, void, void>;
  #entry: LedgerEntry | null = null;

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
    const next = await this.#entries.next();
    this.#entry = next.done === true ? null : next.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#entries.return();
  }
}
