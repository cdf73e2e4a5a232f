import { formatToken, type Holder } from '../lease.ts';
import { type FenceRecord, toHolderRecord } from '../stored-records.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { type KnownLists, type Transaction, transact } from './transaction.ts';

/** The keys that a grant reads, to be loaded together with others. */
export function keysOfGrant(leaseKey: string): readonly string[] {
  return [keys.lease(leaseKey), keys.fence(leaseKey), keys.generation];
}

export function generationOf(tx: Transaction): number {
  return tx.have<number>(keys.generation) ?? 1;
}

/** Raises the key's counter; the result is a token that no one had before. Its fence and the generation are loaded. */
export function nextToken(
  tx: Transaction,
  leaseKey: string,
): { readonly token: string; readonly counter: number } {
  const counter = (tx.have<FenceRecord>(keys.fence(leaseKey))?.counter ?? 0) + 1;
  return { counter, token: formatToken(generationOf(tx), counter) };
}

/** Gives the lease on a key to a holder: the caller has seen that nobody has it. */
export function putLease(
  tx: Transaction,
  p: {
    readonly key: string;
    readonly counter: number;
    readonly token: string;
    readonly holder: Holder;
    readonly leaseMs: number;
    readonly lease: string;
  },
): void {
  const { counter, token, leaseMs } = p;
  tx.put(keys.lease(p.key), token, p.lease);
  tx.put(keys.fence(p.key), {
    counter,
    token,
    holder: toHolderRecord(p.holder),
    sinceAt: tx.nowMs,
    leaseMs,
  } satisfies FenceRecord);
}

/**
 * Ends the lease if the token is its current one; the counter stays. Its fence is loaded: as every grant writes both, a
 * fence that is still the same says that the key which is bound to the lease is the same, or gone.
 */
export function endLease(tx: Transaction, leaseKey: string, token: string): void {
  const fence = tx.have<FenceRecord>(keys.fence(leaseKey));
  if (fence?.token !== token) return;
  tx.put(keys.fence(leaseKey), { counter: fence.counter } satisfies FenceRecord);
  tx.delete(keys.lease(leaseKey));
}

/**
 * An etcd lease to bind keys to: asked for at most once for several tries, used by whichever commits, and ended at once
 * when none does (also when the answer was lost: then nobody works under it).
 */
export class SpareLease implements AsyncDisposable {
  readonly #db: Connection;
  readonly #leaseMs: number;
  #granted: { readonly id: Promise<string>; readonly sentMs: number } | undefined;
  #isKept = false;

  constructor(db: Connection, leaseMs: number) {
    this.#db = db;
    this.#leaseMs = leaseMs;
  }

  /** Asks for it now, so that it is there when it is taken: beside the reads that tell whether it is needed. */
  prepare(): void {
    if (this.#granted !== undefined && this.ageMs > this.#leaseMs / 3) this.#giveBack();
    if (this.#granted !== undefined) return;
    const id = this.#db.leases.grant(this.#leaseMs);
    // Told to who takes it.
    id.catch(() => {});
    this.#granted = { id, sentMs: this.#db.clock.monotonicMs() };
  }

  async take(): Promise<string> {
    this.prepare();
    const { id } = this.#granted ?? {};
    if (id === undefined) throw new TypeError('a lease was asked for');
    return id;
  }

  /** Since it was asked for. */
  get ageMs(): number {
    return this.#granted === undefined ? 0 : this.#db.clock.monotonicMs() - this.#granted.sentMs;
  }

  /** Something that was committed is bound to it. */
  keep(): void {
    this.#isKept = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isKept) await this.#giveBack();
  }

  /** When that fails, it ends by itself. */
  async #giveBack(): Promise<void> {
    const granted = this.#granted;
    this.#granted = undefined;
    await granted?.id.then((id) => this.#db.leases.revoke(id)).catch(() => {});
  }
}

/** What an attempt is given to ask for the lease. */
export type LeasedAction<T> = (tx: Transaction, lease: () => Promise<string>) => Promise<T>;

/** A transaction that may need an etcd lease. */
export async function transactWithLease<T>(
  db: Connection,
  leaseMs: number,
  action: LeasedAction<T>,
): Promise<T> {
  await using spare = new SpareLease(db, leaseMs);
  return await transactOn(db, spare, action);
}

/** The same with a lease that several transactions may try to use, one after the other. */
export async function transactOn<T>(
  db: Connection,
  spare: SpareLease,
  action: LeasedAction<T>,
  known?: KnownLists,
): Promise<T> {
  let isTaken = false;
  const attempt = (tx: Transaction) => {
    isTaken = false;
    return action(tx, () => {
      isTaken = true;
      return spare.take();
    });
  };
  const result = await transact(db, attempt, known);
  if (isTaken) spare.keep();
  return result;
}
