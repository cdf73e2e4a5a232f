import { hash } from 'node:crypto';
import { LedgerEncoder } from '../../export/ledger/ledger-encoder.ts';
import type { LedgerEntry, LedgerHead, LedgerTotals, LedgerUser } from '../../export/ledger/ledger-format.ts';

/** Where bytes go, in order; its owner opens and closes it. */
export interface LedgerSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** When the state was read, and what is the same for all its pages: what hints are counted from. */
export type StateOrigin = Required<Pick<LedgerHead, 'takenAt' | 'site'>>;

/** @param takenAt of the first snapshot @param head as the writer renders it */
export function stateOrigin(takenAt: string, head: Uint8Array): StateOrigin {
  return { takenAt, site: hash('sha256', head, 'hex') };
}

/** Writes a state's two ledgers at once: the public one, and the one with each revision, which only Rota needs. */
export class LedgerPair {
  readonly #sinks: { readonly public: LedgerSink; readonly private: LedgerSink };
  readonly #public: LedgerEncoder;
  readonly #private: LedgerEncoder;

  constructor(
    sinks: { readonly public: LedgerSink; readonly private: LedgerSink },
    head: Omit<LedgerHead, 'revisions' | 'users' | 'takenAt' | 'site' | 'prints'>,
    state: StateOrigin & Pick<LedgerHead, 'prints'>,
  ) {
    this.#sinks = sinks;
    this.#public = new LedgerEncoder({ ...head, revisions: false });
    this.#private = new LedgerEncoder({ ...head, revisions: true, users: true, ...state });
  }

  /** The names of all registered users, ascending by id, before the first page; the public ledger has none. */
  async addUsers(users: AsyncIterable<readonly LedgerUser[]>): Promise<void> {
    for await (const batch of users) {
      for (const user of batch) {
        const closed = this.#private.addUser(user);
        if (closed !== null) await this.#sinks.private.write(closed);
      }
    }
    this.#private.endUsers();
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
