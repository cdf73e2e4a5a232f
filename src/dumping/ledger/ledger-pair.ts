import { LedgerEncoder } from '../../export/ledger/ledger-encoder.ts';
import type { LedgerEntry, LedgerHead, LedgerTotals } from '../../export/ledger/ledger-format.ts';

/** Where bytes go, in order; its owner opens and closes it. */
export interface LedgerSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** Writes a state's two ledgers at once: the public one, and the one with each revision, which only Rota needs. */
export class LedgerPair {
  readonly #sinks: { readonly public: LedgerSink; readonly private: LedgerSink };
  readonly #public: LedgerEncoder;
  readonly #private: LedgerEncoder;

  constructor(
    sinks: { readonly public: LedgerSink; readonly private: LedgerSink },
    head: Omit<LedgerHead, 'revisions'>,
  ) {
    this.#sinks = sinks;
    this.#public = new LedgerEncoder({ ...head, revisions: false });
    this.#private = new LedgerEncoder({ ...head, revisions: true });
  }

  async add(entry: LedgerEntry): Promise<void> {
    const open = this.#public.add(entry);
    if (open !== null) await this.#sinks.public.write(open);
    const closed = this.#private.add(entry);
    if (closed !== null) await this.#sinks.private.write(closed);
  }

  async finish(): Promise<LedgerTotals> {
    await this.#sinks.public.write(this.#public.finish());
    await this.#sinks.private.write(this.#private.finish());
    return this.#public.totals;
  }
}
