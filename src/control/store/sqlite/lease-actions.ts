import { RotaError } from '../../../core/errors/rota-error.ts';
import { describeHolder } from '../../describe-wait.ts';
import { type Holder, type LeaseGuard, type LeaseView, runLeaseKey, subjectLeaseKey } from '../lease.ts';
import { requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { guardedRun } from './end-run.ts';
import { endLease, grantLease, nextToken } from './grant-lease.ts';
import { assertOwner } from './ownership.ts';
import { findLease } from './rows.ts';
import { stopRun } from './sweep-runs.ts';

export function acquireLease(
  db: Connection,
  p: { readonly key: string; readonly holder: Holder; readonly leaseMs: number },
): LeaseGuard {
  return db.write(() => {
    const present = findLease(db, p.key);
    if (present?.alive) {
      throw new RotaError(
        'LEASE_HELD',
        `${p.key} is held by ${describeHolder(present.holder)}: wait for it`,
        {
          facts: { lease: p.key, holder: present.holder },
        },
      );
    }
    return grantLease(db, { ...p, token: nextToken(db, p.key) });
  });
}

export function renewLease(db: Connection, guard: LeaseGuard): void {
  db.write(() => {
    assertOwner(db, guard);
    const keys = [guard.key];
    if (isRunLease(guard)) {
      const run = requireRun(db, guardedRun(guard));
      keys.push(subjectLeaseKey(run.job, run.subject));
    }
    for (const key of keys) {
      db.run(
        `UPDATE leases SET expires_mono = ? + lease_ms, renewed_mono = ?, renewed_at = ? WHERE key = ? AND token = ?`,
        db.monotonicMs,
        db.monotonicMs,
        db.nowMs,
        key,
        guard.token,
      );
    }
  });
}

export function releaseLease(db: Connection, guard: LeaseGuard): void {
  db.write(() => endLease(db, guard));
}

export function assertLease(db: Connection, guard: LeaseGuard): void {
  db.read(() => assertOwner(db, guard));
}

export function forceUnlock(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly by: string },
): LeaseView {
  return db.write(() => {
    const lease = findLease(db, p.guard.key);
    if (lease === undefined || lease.token !== p.guard.token) {
      throw new RotaError(
        'LEASE_ALIVE',
        `${p.guard.key} is no longer held as it was shown (token ${p.guard.token}): look again`,
        { facts: { lease: p.guard.key } },
      );
    }
    if (lease.alive && lease.sinceRenewalMs < lease.leaseMs / 2) {
      throw new RotaError(
        'LEASE_ALIVE',
        `${p.guard.key} is renewed by ${describeHolder(lease.holder)}, last ${Math.round(lease.sinceRenewalMs / 1000)} s ago: end that process or cancel its run`,
        { facts: { lease: p.guard.key, holder: lease.holder } },
      );
    }
    if (isRunLease(p.guard)) {
      const run = requireRun(db, guardedRun(p.guard));
      if (run.state === 'running') stopRun(db, run, p.guard.token);
    }
    endLease(db, p.guard);
    return lease;
  });
}

function isRunLease(guard: LeaseGuard): boolean {
  return guard.key.startsWith(runLeaseKey(''));
}
