import { RotaError } from '../../../core/errors/rota-error.ts';
import { describeHolder } from '../../describe-wait.ts';
import type { Holder, LeaseGuard, LeaseView } from '../lease.ts';
import { type FenceRecord, fromHolderRecord } from '../stored-records.ts';
import { requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { holderOf } from './find-wait-reasons.ts';
import { endLease, keysOfGrant, nextToken, putLease, transactWithLease } from './grant-lease.ts';
import { keys } from './keys.ts';
import { guardedRun, guardLease, isRunLease } from './ownership.ts';
import { stopRun } from './sweep-runs.ts';
import { transact } from './transaction.ts';
import { readLease } from './views.ts';

export async function acquireLease(
  db: Connection,
  p: { readonly key: string; readonly holder: Holder; readonly leaseMs: number },
): Promise<LeaseGuard> {
  return transactWithLease(db, p.leaseMs, async (tx, lease) => {
    await tx.load(keysOfGrant(p.key));
    const present = holderOf(tx, p.key);
    if (present !== undefined) {
      const holder = fromHolderRecord(present);
      throw new RotaError('LEASE_HELD', `${p.key} is held by ${describeHolder(holder)}: wait for it`, {
        facts: { lease: p.key, holder },
      });
    }
    const next = nextToken(tx, p.key);
    putLease(tx, { ...p, ...next, lease: await lease() });
    return { key: p.key, token: next.token };
  });
}

/** The leases of a run and its subject are one etcd lease, so one renewal is both's. */
export async function renewLease(db: Connection, guard: LeaseGuard): Promise<void> {
  const lease = await assertLease(db, guard);
  if (lease !== undefined && (await db.leases.keepAlive(lease))) return;
  // It ended in between; this says so as every write does.
  await assertLease(db, guard);
  throw new RotaError('STORE_BUSY', `The lease ${guard.key} could not be renewed in etcd: try again`);
}

export async function releaseLease(db: Connection, guard: LeaseGuard): Promise<void> {
  await transact(db, async (tx) => {
    await tx.load([keys.fence(guard.key)]);
    endLease(tx, guard.key, guard.token);
  });
}

/** The etcd lease that the guard's key is bound to. */
export async function assertLease(db: Connection, guard: LeaseGuard): Promise<string | undefined> {
  return transact(db, async (tx) => {
    guardLease(tx, guard);
    await tx.load([keys.lease(guard.key)]);
    return tx.leaseOf(keys.lease(guard.key));
  });
}

export async function forceUnlock(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly by: string },
): Promise<LeaseView> {
  const { guard } = p;
  const lease = await readLease(db, guard.key);
  const changed = () =>
    new RotaError(
      'LEASE_ALIVE',
      `${guard.key} is no longer held as it was shown (token ${guard.token}): look again`,
      { facts: { lease: guard.key } },
    );
  if (lease === undefined || lease.token !== guard.token) throw changed();
  if (lease.alive && lease.sinceRenewalMs < lease.leaseMs / 2) {
    throw new RotaError(
      'LEASE_ALIVE',
      `${guard.key} is renewed by ${describeHolder(lease.holder)}, last ${Math.round(lease.sinceRenewalMs / 1000)} s ago: end that process or cancel its run`,
      { facts: { lease: guard.key, holder: lease.holder } },
    );
  }
  await transact(db, async (tx) => {
    await tx.load([keys.fence(guard.key)]);
    if (tx.have<FenceRecord>(keys.fence(guard.key))?.token !== guard.token) throw changed();
    if (isRunLease(guard)) {
      const run = await requireRun(tx, guardedRun(guard));
      if (run.state === 'running') await stopRun(tx, run, guard.token);
    }
    endLease(tx, guard.key, guard.token);
  });
  return lease;
}
