import type { RunId } from '../../../core/ids.ts';
import { stopBackoffMs } from '../../back-off.ts';
import { runLeaseKey, subjectLeaseKey } from '../lease.ts';
import { isOutweighed } from '../outweighed-endings.ts';
import type { Swept } from '../run-store.ts';
import type { FenceRecord, RunRecord } from '../stored-records.ts';
import { changeRun, requireRun } from './change-run.ts';
import type { Connection, Entry } from './connection.ts';
import { endLease } from './grant-lease.ts';
import { heed } from './heed-request.ts';
import { keys, runOfKey } from './keys.ts';
import { type Transaction, transact } from './transaction.ts';

export async function sweep(db: Connection): Promise<Swept> {
  return { stopped: await stopExpiredRuns(db), expired: await failExpiredHolds(db) };
}

/** Runs whose worker has died become `stopped`, or what they were asked to become; each in its own transaction. */
export async function stopExpiredRuns(db: Connection): Promise<readonly RunId[]> {
  const { entries } = await db.read([
    { prefix: keys.state('running'), keysOnly: true },
    { prefix: keys.runLeases, keysOnly: true },
  ]);
  return stopRuns(db, withoutLease(entries[0] ?? [], entries[1] ?? []));
}

/** Of the runs in the index of those that run, those that no lease is there for. */
export function withoutLease(running: readonly Entry[], runLeases: readonly Entry[]): readonly RunId[] {
  const alive = new Set(runLeases.map((entry) => entry.key));
  return running.map((entry) => runOfKey(entry.key)).filter((id) => !alive.has(keys.lease(runLeaseKey(id))));
}

/** Those of the runs whose lease has expired indeed. */
export async function stopRuns(db: Connection, ids: readonly RunId[]): Promise<readonly RunId[]> {
  const stopped: RunId[] = [];
  for (const id of ids) if (await transact(db, (tx) => stopIfExpired(tx, id))) stopped.push(id);
  return stopped;
}

async function stopIfExpired(tx: Transaction, id: RunId): Promise<boolean> {
  const runKey = runLeaseKey(id);
  await tx.load([keys.run(id), keys.lease(runKey), keys.fence(runKey)]);
  const run = tx.have<RunRecord>(keys.run(id));
  if (run?.state !== 'running' || tx.have(keys.lease(runKey)) !== undefined) return false;
  await stopRun(tx, run, tx.have<FenceRecord>(keys.fence(runKey))?.token);
  return true;
}

/** Takes the run from a worker that is no more. */
export async function stopRun(
  tx: Transaction,
  run: RunRecord,
  token: string | undefined,
): Promise<RunRecord> {
  const who = run.holder === undefined ? 'its worker' : `process ${run.holder.pid} on ${run.holder.host}`;
  if (token !== undefined) await endRunLeases(tx, run, token);
  if (isOutweighed(run.request, 'stopped')) {
    return heed(tx, run, { reason: `${run.requestReason ?? `asked to ${run.request}`}; ${who} died` });
  }
  const stops = run.stops + 1;
  const delayMs = stopBackoffMs(stops);
  return changeRun(
    tx,
    run,
    'stopped',
    {
      reason: `${who} died or lost its lease`,
      retryAt: delayMs === 0 ? undefined : new Date(tx.nowMs + delayMs),
    },
    { stops },
  );
}

/** The leases of the run and its subject, and the places in slots that are bound to them. */
export async function endRunLeases(tx: Transaction, run: RunRecord, token: string): Promise<void> {
  const leaseKeys = [runLeaseKey(run.id), subjectLeaseKey(run.job, run.subject)];
  await tx.load(leaseKeys.map((key) => keys.fence(key)));
  for (const key of leaseKeys) endLease(tx, key, token);
  for (const entry of await tx.list(keys.slots)) if (JSON.parse(entry.value) === run.id) tx.delete(entry.key);
}

async function failExpiredHolds(db: Connection): Promise<readonly RunId[]> {
  const { entries } = await db.read([{ prefix: keys.state('held'), keysOnly: true }]);
  const failed: RunId[] = [];
  for (const id of (entries[0] ?? []).map((entry) => runOfKey(entry.key))) {
    const isExpired = await transact(db, async (tx) => {
      const run = await requireRun(tx, id);
      if (run.state !== 'held' || run.heldUntil === undefined || run.heldUntil > tx.nowMs) return false;
      await changeRun(tx, run, 'failed', {
        error: {
          code: 'RUN_HELD_TOO_LONG',
          message: `Nobody approved ${run.id} in time; it was held: ${run.reason ?? ''}`,
        },
      });
      return true;
    });
    if (isExpired) failed.push(id);
  }
  return failed;
}
