import type { RunId } from '../../../core/ids.ts';
import { isFinished } from '../../../core/run-state.ts';
import { type LeaseGuard, runLeaseKey, subjectLeaseKey } from '../lease.ts';
import { isOutweighed } from '../outweighed-endings.ts';
import type { RunEnding } from '../run-store.ts';
import type { RunView } from '../run-view.ts';
import { changeRun, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { endLease } from './grant-lease.ts';
import { heed } from './heed-request.ts';
import { holderFromJson } from './json.ts';
import { assertOwner } from './ownership.ts';
import { type RunRow, toRunView } from './rows.ts';
import { stopRun } from './sweep-runs.ts';

export function endRun(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly ending: RunEnding },
): RunView {
  return db.write(() => {
    assertOwner(db, p.guard);
    const run = requireRun(db, guardedRun(p.guard));
    const { ending } = p;
    if (ending.state === 'stopped') {
      stopRun(db, run, p.guard.token);
      return toRunView(db, requireRun(db, run.id));
    }
    const cause = {
      holder: run.holder === null ? undefined : holderFromJson(run.holder),
      token: p.guard.token,
    };
    if (isOutweighed(run.request, ending.state))
      heed(db, run, { ...cause, reason: run.request_reason ?? ending.reason });
    else changeRun(db, run, ending.state, { ...ending, ...cause });
    if (ending.state === 'failed' || ending.state === 'retrying') {
      db.run('UPDATE runs SET tries = tries + 1 WHERE id = ?', run.id);
    }
    endLease(db, p.guard);
    endLease(db, { key: subjectLeaseKey(run.job, run.subject), token: p.guard.token });
    if (isFinished(ending.state)) supersedeHeld(db, run);
    return toRunView(db, requireRun(db, run.id));
  });
}

/** The run that a guard of a run's lease is for. */
export function guardedRun(guard: LeaseGuard): RunId {
  return guard.key.slice(runLeaseKey('').length) as RunId;
}

/** Older dates that wait for approval are of no use once a newer one is published. */
function supersedeHeld(db: Connection, newer: RunRow): void {
  const rows = db.all<RunRow>(
    `SELECT r.* FROM runs r
      WHERE r.job = ? AND r.subject = ? AND r.state = 'held' AND (r.due_at, r.id) < (?, ?)`,
    newer.job,
    newer.subject,
    newer.due_at,
    newer.id,
  );
  for (const run of rows) changeRun(db, run, 'skipped', { reason: `superseded by ${newer.id}` });
}
