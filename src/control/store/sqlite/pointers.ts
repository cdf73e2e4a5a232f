import { RotaError } from '../../../core/errors/rota-error.ts';
import { type LeaseGuard, runLeaseKey } from '../lease.ts';
import { maxPointerBytes } from '../run-store.ts';
import type { Connection } from './connection.ts';
import { guardedRun } from './end-run.ts';
import { fromJson, toJson } from './json.ts';
import { assertOwner } from './ownership.ts';

export function readPointer(db: Connection, key: string): unknown {
  return fromJson(db.one<{ value: string }>('SELECT value FROM pointers WHERE key = ?', key)?.value);
}

export function commitPointer(
  db: Connection,
  p: { readonly key: string; readonly value: unknown; readonly guard: LeaseGuard },
): void {
  const value = toJson(p.value, `pointer ${p.key}`, maxPointerBytes);
  db.write(() => {
    assertOwner(db, p.guard);
    refuseWhileToBeHeld(db, p.guard);
    db.run(
      `INSERT INTO pointers (key, value, token, at) VALUES (?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET value = excluded.value, token = excluded.token, at = excluded.at`,
      p.key,
      value ?? 'null',
      p.guard.token,
      db.nowMs,
    );
  });
}

/** Once a person has said that the run is to be held, it publishes nothing more. */
function refuseWhileToBeHeld(db: Connection, guard: LeaseGuard): void {
  if (!guard.key.startsWith(runLeaseKey(''))) return;
  const run = db.one<{ id: string; request_reason: string | null }>(
    "SELECT id, request_reason FROM runs WHERE id = ? AND request = 'hold'",
    guardedRun(guard),
  );
  if (run === undefined) return;
  const why = run.request_reason ?? 'held';
  throw new RotaError('RUN_HELD', `${run.id} publishes nothing more: it was ${why}`, {
    facts: { run: run.id },
  });
}

export function listPointers(db: Connection, prefix: string): readonly { key: string; value: unknown }[] {
  return db
    .all<{ key: string; value: string }>(
      'SELECT key, value FROM pointers WHERE key >= ? AND key < ? ORDER BY key',
      prefix,
      `${prefix}\u{10ffff}`,
    )
    .map((row) => ({ key: row.key, value: fromJson(row.value) }));
}

export function prunePointers(
  db: Connection,
  p: { readonly prefix: string; readonly writtenBefore: Date },
): void {
  db.write(() => {
    db.run(
      'DELETE FROM pointers WHERE key >= ? AND key < ? AND at < ?',
      p.prefix,
      `${p.prefix}\u{10ffff}`,
      p.writtenBefore.getTime(),
    );
  });
}
