import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import { describeHolder, describeWait } from '../../describe-wait.ts';
import { type Holder, type LeaseGuard, runLeaseKey, subjectLeaseKey } from '../lease.ts';
import type { ClaimedRun, ClaimNext, ClaimOne } from '../run-store.ts';
import { changeRun, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { findWaitReasons, oldestToResume, slotHolders } from './find-wait-reasons.ts';
import { grantLease, nextToken } from './grant-lease.ts';
import { holderToJson } from './json.ts';
import { assertOwner, leaseIsAlive } from './ownership.ts';
import { type RunRow, toRunView } from './rows.ts';
import { stopExpiredRuns } from './sweep-runs.ts';

export function claimNextRun(db: Connection, p: ClaimNext): ClaimedRun | undefined {
  return db.write(() => {
    stopExpiredRuns(db);
    const tooOld: RunRow[] = [];
    let turn: RunRow | undefined;
    for (const candidate of candidates(db, p)) {
      const run = requireRun(db, candidate.id);
      if (givesWay(db, run, p)) tooOld.push(run);
      else if (findWaitReasons(db, run, p).length === 0) {
        turn = run;
        break;
      }
    }
    // Not before the walk has ended: it reads the rows that these change.
    for (const run of tooOld) {
      changeRun(db, run, 'skipped', {
        holder: p.holder,
        reason: 'too old to be taken up beside a newer date',
      });
    }
    if (turn !== undefined) return grantRun(db, turn, p);
    return undefined;
  });
}

export function claimRun(db: Connection, p: ClaimOne): ClaimedRun {
  return db.write(() => {
    stopExpiredRuns(db);
    const run = requireRun(db, p.id);
    const reasons = findWaitReasons(db, run, p);
    const [first] = reasons;
    if (first === undefined) {
      skipTooOld(db, run, p);
      return grantRun(db, run, p);
    }
    const facts = { run: p.id, reasons };
    if (first.kind === 'lease' || first.kind === 'other-date') {
      throw new RotaError(
        'RUN_BUSY',
        `${first.run} is being worked on by ${describeHolder(first.holder)}: wait for it or see \`rota status\``,
        { facts },
      );
    }
    if (first.kind === 'subject') {
      throw new RotaError(
        'RUN_BUSY',
        `The run ${p.id} cannot start yet: ${describeWait(first)}; wait for it`,
        {
          facts,
        },
      );
    }
    const waitsFor = reasons.map(describeWait).join('; ');
    if (first.kind === 'ended') {
      throw new RotaError('RUN_STATE', `The run ${p.id} cannot be taken up: ${waitsFor}`, { facts });
    }
    throw new RotaError('RUN_WAITS', `The run ${p.id} cannot start yet: ${waitsFor}`, { facts });
  });
}

/** Same token, other process: the claimer's child goes on under the lease that is already there. */
export function adoptRun(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly holder: Holder },
): ClaimedRun {
  return db.write(() => {
    assertOwner(db, p.guard);
    const holder = holderToJson(p.holder);
    const id = p.guard.key.slice(runLeaseKey('').length) as RunId;
    const run = requireRun(db, id);
    db.run(
      'UPDATE leases SET holder = ? WHERE key IN (?, ?) AND token = ?',
      holder,
      p.guard.key,
      subjectLeaseKey(run.job, run.subject),
      p.guard.token,
    );
    db.run('UPDATE runs SET holder = ? WHERE id = ?', holder, id);
    const lease = db.one<{ lease_ms: number }>('SELECT lease_ms FROM leases WHERE key = ?', p.guard.key);
    return { run: toRunView(db, requireRun(db, id)), guard: p.guard, leaseMs: lease?.lease_ms ?? 0 };
  });
}

function grantRun(
  db: Connection,
  run: RunRow,
  p: { readonly holder: Holder; readonly leaseMs: number },
): ClaimedRun {
  const subjectKey = subjectLeaseKey(run.job, run.subject);
  // One counter for all dates of a subject: a target that remembers a token can compare any two runs of it.
  const token = nextToken(db, subjectKey);
  grantLease(db, { key: subjectKey, token, holder: p.holder, leaseMs: p.leaseMs });
  const guard = grantLease(db, { key: runLeaseKey(run.id), token, holder: p.holder, leaseMs: p.leaseMs });
  changeRun(db, run, 'running', { holder: p.holder, token });
  db.run(
    'UPDATE runs SET holder = ?, started_at = coalesce(started_at, ?) WHERE id = ?',
    holderToJson(p.holder),
    db.nowMs,
    run.id,
  );
  return { run: toRunView(db, requireRun(db, run.id)), guard, leaseMs: p.leaseMs };
}

/**
 * Open runs in the order of claims, without those that plainly cannot go: findWaitReasons has the last word, this
 * only keeps a farm of 10,000 waiting subjects from being walked one by one.
 */
function candidates(db: Connection, p: ClaimNext): Iterable<{ readonly id: RunId }> {
  const full = [...slotHolders(db)]
    .filter(([slot, holders]) => holders.length >= (p.slotLimits[slot] ?? Number.POSITIVE_INFINITY))
    .map(([slot]) => slot);
  const closed = Object.keys(p.slotLimits).filter((slot) => (p.slotLimits[slot] ?? 1) <= 0);
  return db.each<{ id: RunId }>(
    `SELECT r.id
       FROM subjects s INDEXED BY subjects_turn CROSS JOIN runs r ON r.job = s.job AND r.subject = s.subject AND r.open = 1
      WHERE s.open_runs > 0
        AND s.job IN (SELECT value FROM json_each(?))
        -- First what excludes most: when the slots of a class are full, all its runs wait.
        AND NOT EXISTS (SELECT 1 FROM run_slots
              WHERE run = r.id AND slot IN (SELECT value FROM json_each(?)))
        AND r.state <> 'running'
        AND (r.retry_at IS NULL OR r.retry_at <= ?)
        AND NOT EXISTS (SELECT 1 FROM pauses
              WHERE scope IN ('all', 'maintenance', 'job/' || r.job, 'subject/' || r.subject, 'run/' || r.id))
        AND NOT EXISTS (SELECT 1 FROM leases WHERE key = 'subject/' || r.job || '/' || r.subject AND ${leaseIsAlive})
        AND NOT EXISTS (SELECT 1 FROM run_needs n LEFT JOIN runs d ON d.id = n.needs
              WHERE n.run = r.id AND coalesce(d.state, '') NOT IN ('done', 'done-with-errors'))
        AND NOT EXISTS (SELECT 1 FROM runs o
              WHERE o.job = r.job AND o.subject = r.subject AND o.open = 1 AND (o.due_at, o.id) < (r.due_at, r.id)
                AND o.due_at >= coalesce((SELECT value FROM json_each(?) WHERE key = r.job), 0))
      ORDER BY s.rank, s.rank_at, s.job, s.subject, r.due_at, r.id`,
    JSON.stringify(p.jobs),
    JSON.stringify([...full, ...closed]),
    db.nowMs,
    db.bootId,
    db.monotonicMs,
    JSON.stringify(Object.fromEntries(p.jobs.map((job) => [job, oldestToResume(db, { job }, p)]))),
  );
}

/** Is an unfinished date that is too old to be taken up, beside a newer one. */
function givesWay(db: Connection, run: RunRow, p: ClaimNext): boolean {
  if (run.due_at >= oldestToResume(db, run, p)) return false;
  const newer = db.one(
    'SELECT 1 FROM runs WHERE job = ? AND subject = ? AND open = 1 AND (due_at, id) > (?, ?)',
    run.job,
    run.subject,
    run.due_at,
    run.id,
  );
  return newer !== undefined;
}

/** A date that is asked for by name pushes aside the older ones that are too old to be taken up. */
function skipTooOld(db: Connection, run: RunRow, p: ClaimOne): void {
  const rows = db.all<RunRow>(
    `SELECT r.* FROM runs r
      WHERE r.job = ? AND r.subject = ? AND r.open = 1 AND r.state <> 'running'
        AND (r.due_at, r.id) < (?, ?) AND r.due_at < ?`,
    run.job,
    run.subject,
    run.due_at,
    run.id,
    oldestToResume(db, run, p),
  );
  for (const row of rows) {
    changeRun(db, row, 'skipped', { holder: p.holder, reason: `too old to be taken up beside ${run.id}` });
  }
}
