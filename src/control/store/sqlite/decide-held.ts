import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import type { LeaseGuard } from '../lease.ts';
import { refuseDecision } from '../refuse-change.ts';
import { byHand, type RunDetails, wholeRun } from '../run-view.ts';
import { changeRun, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { guardedRun } from './end-run.ts';
import { assertOwner } from './ownership.ts';
import { findRun } from './read-run.ts';
import { refuseMoved } from './refuse-moved.ts';

/** A set that was approved stays so: what was decided about it is not asked again in this epoch. */
export function holdSet(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly set: string; readonly reason: string },
): void {
  db.write(() => {
    assertOwner(db, p.guard);
    const run = requireRun(db, guardedRun(p.guard));
    db.run(
      `INSERT INTO sets (run, epoch, name, state, reason, at) VALUES (?, ?, ?, 'held', ?, ?)
       ON CONFLICT (run, epoch, name) DO UPDATE SET reason = excluded.reason WHERE state = 'held'`,
      run.id,
      run.epoch,
      p.set,
      p.reason,
      db.nowMs,
    );
  });
}

export function decideHeld(
  db: Connection,
  p: {
    readonly id: RunId;
    readonly decision: 'approved' | 'rejected';
    readonly sets?: readonly string[];
    readonly by: string;
  },
): RunDetails {
  return db.write(() => {
    refuseMoved(db);
    const run = requireRun(db, p.id);
    refuseDecision(run);
    const heldSets = db
      .all<{ name: string }>(
        "SELECT name FROM sets WHERE run = ? AND epoch = ? AND state = 'held' ORDER BY name",
        run.id,
        run.epoch,
      )
      .map((row) => row.name);
    const chosen = p.sets ?? heldSets;
    const unknown = chosen.find((set) => !heldSets.includes(set));
    if (unknown !== undefined) {
      throw new RotaError(
        'RUN_STATE',
        `The set ${unknown} of ${run.id} is not held; held are: ${heldSets.join(', ')}`,
        {
          facts: { run: run.id, set: unknown },
        },
      );
    }
    for (const set of chosen) {
      db.run(
        'UPDATE sets SET state = ?, decided_by = ?, at = ? WHERE run = ? AND epoch = ? AND name = ?',
        p.decision,
        p.by,
        db.nowMs,
        run.id,
        run.epoch,
        set,
      );
    }
    if (heldSets.every((set) => chosen.includes(set))) {
      const wholeIsRejected =
        p.decision === 'rejected' &&
        (p.sets === undefined || chosen.includes(wholeRun) || chosen.includes(byHand));
      if (wholeIsRejected) {
        changeRun(db, run, 'failed', {
          reason: `rejected by ${p.by}`,
          error: {
            code: 'RUN_REJECTED',
            message: `${run.id} was rejected by ${p.by}; it was held: ${run.reason ?? ''}`,
          },
        });
      } else {
        changeRun(db, run, 'waiting', { reason: `${p.decision} by ${p.by}` });
      }
    }
    const details = findRun(db, run.id);
    if (details === undefined) throw new RotaError('RUN_UNKNOWN', `There is no run ${run.id}`);
    return details;
  });
}
