import type { RunId } from '../../../core/ids.ts';
import { stopBackoffMs } from '../../back-off.ts';
import { runLeaseKey, subjectLeaseKey } from '../lease.ts';
import { isOutweighed } from '../outweighed-endings.ts';
import type { Swept } from '../run-store.ts';
import { changeRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { endLease } from './grant-lease.ts';
import { heed } from './heed-request.ts';
import { holderFromJson } from './json.ts';
import { leaseIsAlive } from './ownership.ts';
import type { RunRow } from './rows.ts';

export function sweep(db: Connection): Swept {
  return db.write(() => ({ stopped: stopExpiredRuns(db), expired: failExpiredHolds(db) }));
}

/** Inside a transaction: runs whose worker has died become `stopped`, or what they were asked to become. */
export function stopExpiredRuns(db: Connection): readonly RunId[] {
  const rows = db.all<RunRow & { lease_token: string | null }>(
    `SELECT r.*, (SELECT token FROM leases WHERE key = 'run/' || r.id) AS lease_token FROM runs r
      WHERE r.state = 'running'
        AND NOT EXISTS (SELECT 1 FROM leases WHERE key = 'run/' || r.id AND ${leaseIsAlive})`,
    db.bootId,
    db.monotonicMs,
  );
  for (const run of rows) stopRun(db, run, run.lease_token);
  return rows.map((run) => run.id);
}

/** Inside a transaction: takes the run from a worker that is no more. */
export function stopRun(db: Connection, run: RunRow, token: string | null): void {
  const holder = run.holder === null ? undefined : holderFromJson(run.holder);
  const who = holder === undefined ? 'its worker' : `process ${holder.pid} on ${holder.host}`;
  if (token !== null) {
    endLease(db, { key: runLeaseKey(run.id), token });
    endLease(db, { key: subjectLeaseKey(run.job, run.subject), token });
  }
  if (isOutweighed(run.request, 'stopped')) {
    heed(db, run, { reason: `${run.request_reason ?? `asked to ${run.request}`}; ${who} died` });
    return;
  }
  const stops = run.stops + 1;
  const delayMs = stopBackoffMs(stops);
  changeRun(db, run, 'stopped', {
    reason: `${who} died or lost its lease`,
    retryAt: delayMs === 0 ? undefined : new Date(db.nowMs + delayMs),
  });
  db.run('UPDATE runs SET stops = ? WHERE id = ?', stops, run.id);
}

function failExpiredHolds(db: Connection): readonly RunId[] {
  const rows = db.all<RunRow>(
    `SELECT r.* FROM runs r WHERE r.state = 'held' AND r.held_until <= ?`,
    db.nowMs,
  );
  for (const run of rows) {
    changeRun(db, run, 'failed', {
      error: {
        code: 'RUN_HELD_TOO_LONG',
        message: `Nobody approved ${run.id} in time; it was held: ${run.reason ?? ''}`,
      },
    });
  }
  return rows.map((run) => run.id);
}
