import type { LedgerEntry, LedgerHead } from '../../export/ledger/ledger-format.ts';
import type { OpenLedger } from '../../export/ledger/read-ledger.ts';

/** Walks a ledger beside something else that ascends by page. */
export class LedgerCursor implements AsyncDisposable {
  readonly head: LedgerHead;
  readonly #entries: AsyncGenerator<LedgerEntry, void, void>;
  #entry: LedgerEntry | null = null;

  private constructor(ledger: OpenLedger) {
    this.head = ledger.head;
    this.#entries = ledger.entries();
  }

  static async open(ledger: OpenLedger): Promise<LedgerCursor> {
    const cursor = new LedgerCursor(ledger);
    await cursor.advance();
    return cursor;
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
