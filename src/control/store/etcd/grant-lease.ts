import { formatToken, type Holder } from '../lease.ts';
import { type FenceRecord, toHolderRecord } from '../stored-records.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { type Transaction, transact } from './transaction.ts';

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

/** Ends the lease if the token is its current one; the counter stays. Its fence and its key are loaded. */
export function endLease(tx: Transaction, leaseKey: string, token: string): void {
  const fence = tx.have<FenceRecord>(keys.fence(leaseKey));
  if (fence?.token === token) tx.put(keys.fence(leaseKey), { counter: fence.counter } satisfies FenceRecord);
  if (tx.have<string>(keys.lease(leaseKey)) === token) tx.delete(keys.lease(leaseKey));
}

/**
 * A transaction that may need an etcd lease: it is asked for at most once, used by whichever attempt commits, and ended
 * at once when none does (also when the answer was lost: then nobody works under it).
 */
export async function transactWithLease<T>(
  db: Connection,
  leaseMs: number,
  action: (tx: Transaction, lease: () => Promise<string>) => Promise<T>,
): Promise<T> {
  let granted: Promise<string> | undefined;
  let isUsed = false;
  const lease = () => {
    isUsed = true;
    granted ??= db.leases.grant(leaseMs);
    return granted;
  };
  try {
    return await transact(db, (tx) => {
      isUsed = false;
      return action(tx, lease);
    });
  } catch (error) {
    isUsed = false;
    throw error;
  } finally {
    // Not waited for when it fails: it ends by itself.
    if (granted !== undefined && !isUsed) await granted.then((id) => db.leases.revoke(id)).catch(() => {});
  }
}
