import type { RunId } from '../../../core/ids.ts';
import { isFinished, type RunState } from '../../../core/run-state.ts';
import { runLeaseKey, subjectLeaseKey } from '../lease.ts';
import type { ClaimRules } from '../run-store.ts';
import type { PauseScope, WaitReason } from '../run-view.ts';
import { requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { leaseHolder } from './grant-lease.ts';
import { leaseIsAlive } from './ownership.ts';
import { defined, findLease, type RunRow, toDate, toFailure } from './rows.ts';

/** All that keeps a run from being claimed; empty when it can be. Inside a transaction. */
export function findWaitReasons(db: Connection, run: RunRow, rules: ClaimRules): readonly WaitReason[] {
  const reasons: WaitReason[] = [];
  if (!run.open) {
    reasons.push(stateReason(db, run));
    if (run.state !== 'paused') return reasons;
  }
  const lease = findLease(db, runLeaseKey(run.id));
  if (lease?.alive) {
    return [{ kind: 'lease', run: run.id, holder: lease.holder, expiresInMs: lease.expiresInMs }];
  }
  if (run.retry_at !== null && run.retry_at > db.nowMs) {
    reasons.push({
      kind: 'retry',
      at: new Date(run.retry_at),
      ...defined({ error: toFailure(run.error_code, run.error_message) }),
    });
  }
  for (const scope of pausesOf(db, run)) {
    if (!reasons.some((reason) => reason.kind === 'paused' && reason.scope === scope)) {
      reasons.push({ kind: 'paused', scope });
    }
  }
  const subjectKey = subjectLeaseKey(run.job, run.subject);
  const holder = leaseHolder(db, subjectKey);
  if (holder !== undefined) {
    const other = db.one<{ id: RunId }>(
      "SELECT id FROM runs WHERE job = ? AND subject = ? AND state = 'running' AND id <> ?",
      run.job,
      run.subject,
      run.id,
    );
    reasons.push(
      other === undefined
        ? { kind: 'subject', lease: subjectKey, holder }
        : { kind: 'other-date', run: other.id, holder },
    );
  }
  reasons.push(...unmetNeeds(db, run.id), ...olderDates(db, run, rules), ...fullSlots(db, run, rules));
  return reasons;
}

export function waitReasons(db: Connection, p: ClaimRules & { readonly id: RunId }): readonly WaitReason[] {
  return db.read(() => findWaitReasons(db, requireRun(db, p.id), p));
}

/** The scopes in which the run is paused now. */
export function pausesOf(db: Connection, run: Pick<RunRow, 'id' | 'job' | 'subject'>): readonly PauseScope[] {
  return db
    .all<{ scope: PauseScope }>(
      "SELECT scope FROM pauses WHERE scope IN ('all', 'maintenance', ?, ?, ?) ORDER BY scope",
      `job/${run.job}`,
      `subject/${run.subject}`,
      `run/${run.id}`,
    )
    .map((row) => row.scope);
}

/** Unfinished older dates that are young enough to go first; the others do not count (a claim skips them). */
function olderDates(db: Connection, run: RunRow, rules: ClaimRules): WaitReason[] {
  return db
    .all<{ id: RunId; state: RunState; retry_at: number | null }>(
      `SELECT id, state, retry_at FROM runs
        WHERE job = ? AND subject = ? AND open = 1 AND (due_at, id) < (?, ?) AND due_at >= ? ORDER BY due_at, id`,
      run.job,
      run.subject,
      run.due_at,
      run.id,
      oldestToResume(db, run, rules),
    )
    .map((row) => ({
      kind: 'older-date',
      run: row.id,
      state: row.state,
      ...defined({ retryAt: toDate(row.retry_at) }),
    }));
}

/** Unfinished dates that were due before this are skipped when a newer one is there. */
export function oldestToResume(db: Connection, run: Pick<RunRow, 'job'>, rules: ClaimRules): number {
  const resumeWithinMs = rules.resumeWithinMs[run.job];
  return resumeWithinMs === undefined ? 0 : db.nowMs - resumeWithinMs;
}

function unmetNeeds(db: Connection, id: RunId): WaitReason[] {
  return db
    .all<{ needs: RunId; state: RunState | null }>(
      'SELECT n.needs, d.state FROM run_needs n LEFT JOIN runs d ON d.id = n.needs WHERE n.run = ? ORDER BY n.needs',
      id,
    )
    .filter((row) => row.state === null || !isFinished(row.state))
    .map((row) => ({ kind: 'need-run', run: row.needs, ...defined({ state: row.state ?? undefined }) }));
}

function fullSlots(db: Connection, run: RunRow, rules: ClaimRules): WaitReason[] {
  const slots: string[] = JSON.parse(run.slots);
  const used = slotHolders(db);
  return slots.flatMap((slot) => {
    const limit = rules.slotLimits[slot];
    const holders = used.get(slot) ?? [];
    return limit !== undefined && holders.length >= limit
      ? [{ kind: 'slot' as const, slot, limit, holders }]
      : [];
  });
}

/** Which runs occupy which slots: those whose lease is alive. */
export function slotHolders(db: Connection): ReadonlyMap<string, RunId[]> {
  const rows = db.all<{ slot: string; run: RunId }>(
    `SELECT s.slot, r.id AS run FROM runs r JOIN run_slots s ON s.run = r.id JOIN leases l ON l.key = 'run/' || r.id
      WHERE r.state = 'running' AND ${leaseIsAlive} ORDER BY r.id`,
    db.bootId,
    db.monotonicMs,
  );
  const holders = new Map<string, RunId[]>();
  for (const row of rows) holders.set(row.slot, [...(holders.get(row.slot) ?? []), row.run]);
  return holders;
}

function stateReason(db: Connection, run: RunRow): WaitReason {
  if (run.state === 'paused') {
    return { kind: 'paused', scope: (run.paused_by ?? `run/${run.id}`) as PauseScope };
  }
  if (run.state === 'held') {
    const sets = db.all<{ name: string }>(
      "SELECT name FROM sets WHERE run = ? AND epoch = ? AND state = 'held' ORDER BY name",
      run.id,
      run.epoch,
    );
    return { kind: 'held', reason: run.reason ?? '', sets: sets.map((row) => row.name) };
  }
  return {
    kind: 'ended',
    state: run.state,
    ...defined({ error: toFailure(run.error_code, run.error_message), reason: run.reason ?? undefined }),
  };
}
