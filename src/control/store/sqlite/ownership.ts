import { RotaError } from '../../../core/errors/rota-error.ts';
import type { LeaseGuard } from '../lease.ts';
import type { PieceGuard } from '../run-store.ts';
import type { Connection } from './connection.ts';

/**
 * The one condition under which a lease (of a row in `leases` or in `pieces`) is alive: its time has not run out on
 * the clock of the boot that it was granted in. Parameters: boot id, monotonic time.
 */
export const leaseIsAlive = 'token IS NOT NULL AND boot_id = ? AND expires_mono > ?';

/** The fence: refuses the transaction unless the token is current and its lease alive. */
export function assertOwner(db: Connection, guard: LeaseGuard): void {
  const mine = db.one(
    `SELECT 1 FROM leases WHERE key = ? AND token = ? AND ${leaseIsAlive}`,
    guard.key,
    guard.token,
    db.bootId,
    db.monotonicMs,
  );
  if (mine === undefined) throw leaseLost(guard.key, guard.token);
}

/** The fence of a piece: its token is current, its lease alive, and its run still in the same epoch. */
export function assertPieceOwner(db: Connection, guard: PieceGuard): void {
  const mine = db.one(
    `SELECT 1 FROM pieces
      WHERE run = ? AND epoch = ? AND stage = ? AND id = ? AND state = 'open' AND token = ? AND ${leaseIsAlive}
        AND epoch = (SELECT epoch FROM runs WHERE id = run)`,
    guard.run,
    guard.epoch,
    guard.stage,
    guard.piece,
    guard.token,
    db.bootId,
    db.monotonicMs,
  );
  if (mine === undefined)
    throw leaseLost(`piece ${guard.piece} of ${guard.stage} in ${guard.run}`, guard.token);
}

function leaseLost(what: string, token: string): RotaError {
  return new RotaError(
    'LEASE_LOST',
    `The lease on ${what} with token ${token} is no longer ours: stop, another may hold it`,
    {
      facts: { lease: what, token },
    },
  );
}
