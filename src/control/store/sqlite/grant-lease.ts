import { formatToken, type Holder, type LeaseGuard } from '../lease.ts';
import type { Connection } from './connection.ts';
import { holderToJson } from './json.ts';
import { leaseIsAlive } from './ownership.ts';
import { refuseMoved } from './refuse-moved.ts';
import { findLease } from './rows.ts';

/** Raises the key's counter; the result is a token that no one had before. Inside a transaction. */
export function nextToken(db: Connection, key: string): string {
  refuseMoved(db);
  db.run(
    'INSERT INTO leases (key, counter) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET counter = counter + 1',
    key,
  );
  const counter = db.one<{ counter: number }>('SELECT counter FROM leases WHERE key = ?', key)?.counter ?? 1;
  return formatToken(readGeneration(db), counter);
}

/** Gives the lease on a key to a holder, whoever had it: the caller has looked. Inside a transaction. */
export function grantLease(
  db: Connection,
  p: { readonly key: string; readonly token: string; readonly holder: Holder; readonly leaseMs: number },
): LeaseGuard {
  const mono = db.monotonicMs;
  const now = db.nowMs;
  db.run(
    `INSERT INTO leases (key, counter, token, holder, boot_id, expires_mono, renewed_mono, renewed_at, since_at, lease_ms)
     VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET token = excluded.token, holder = excluded.holder, boot_id = excluded.boot_id,
       expires_mono = excluded.expires_mono, renewed_mono = excluded.renewed_mono, renewed_at = excluded.renewed_at,
       since_at = excluded.since_at, lease_ms = excluded.lease_ms`,
    p.key,
    p.token,
    holderToJson(p.holder),
    db.bootId,
    mono + p.leaseMs,
    mono,
    now,
    now,
    p.leaseMs,
  );
  return { key: p.key, token: p.token };
}

/** Ends the lease if the guard is its current one; the counter stays. Inside a transaction. */
export function endLease(db: Connection, guard: LeaseGuard): void {
  db.run(
    'UPDATE leases SET token = NULL, holder = NULL, boot_id = NULL, expires_mono = NULL WHERE key = ? AND token = ?',
    guard.key,
    guard.token,
  );
}

export function leaseHolder(db: Connection, key: string): Holder | undefined {
  const alive = db.one(
    `SELECT 1 FROM leases WHERE key = ? AND ${leaseIsAlive}`,
    key,
    db.bootId,
    db.monotonicMs,
  );
  return alive === undefined ? undefined : findLease(db, key)?.holder;
}

export function readGeneration(db: Connection): number {
  return Number(db.one<{ value: string }>("SELECT value FROM meta WHERE key = 'generation'")?.value ?? 1);
}
