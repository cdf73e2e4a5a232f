import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import { type LeaseGuard, runLeaseKey } from '../lease.ts';
import type { PieceGuard } from '../run-store.ts';
import { keys } from './keys.ts';
import type { Transaction } from './transaction.ts';

/**
 * The fence: the key that is bound to the etcd lease still holds the guard's token, compared in the transaction that
 * writes. It is there only while the lease lives, and no token is ever given twice.
 */
export function guardLease(tx: Transaction, guard: LeaseGuard): void {
  tx.guard({
    key: keys.lease(guard.key),
    value: JSON.stringify(guard.token),
    lost: () => leaseLost(guard.key, guard.token),
  });
}

/** The fence of a piece: its token is current, its lease alive, and its run still in the same epoch. */
export function guardPiece(tx: Transaction, guard: PieceGuard): void {
  const lost = () => leaseLost(`piece ${guard.piece} of ${guard.stage} in ${guard.run}`, guard.token);
  tx.guard({ key: keys.pieceLease(guard, guard.piece), value: JSON.stringify(guard.token), lost });
  tx.guard({ key: keys.epoch(guard.run), value: JSON.stringify(guard.epoch), lost });
}

/** The run that a guard of a run's lease is for. */
export function guardedRun(guard: LeaseGuard): RunId {
  return guard.key.slice(runLeaseKey('').length) as RunId;
}

export function isRunLease(guard: LeaseGuard): boolean {
  return guard.key.startsWith(runLeaseKey(''));
}

function leaseLost(what: string, token: string): RotaError {
  return new RotaError(
    'LEASE_LOST',
    `The lease on ${what} with token ${token} is no longer ours: stop, another may hold it`,
    { facts: { lease: what, token } },
  );
}
