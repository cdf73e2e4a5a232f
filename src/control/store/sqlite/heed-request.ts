import type { RunState } from '../../../core/run-state.ts';
import { byHand, type Request } from '../run-view.ts';
import { type Cause, changeRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { type RunRow, toDate } from './rows.ts';

/** Endings that what was asked for takes the place of: the run would go on, rest or wait for a decision instead. */
const outweighed: Readonly<Record<Request, readonly RunState[]>> = {
  pause: ['waiting', 'retrying', 'stopped'],
  hold: ['waiting', 'retrying', 'stopped', 'paused', 'held'],
  cancel: ['waiting', 'retrying', 'stopped', 'paused', 'held'],
};

/** Inside a transaction: whether the run becomes what was asked of it, and not what its worker says. */
export function isOutweighed(run: RunRow, ending: RunState): boolean {
  return run.request !== null && outweighed[run.request].includes(ending);
}

/** Inside a transaction: the run, which no worker holds any more, becomes what was asked of it. */
export function heed(db: Connection, run: RunRow, cause: Cause): void {
  switch (run.request) {
    case null:
      return;
    case 'cancel':
      changeRun(db, run, 'cancelled', cause);
      return;
    case 'pause':
      changeRun(db, run, 'paused', { ...cause, pausedBy: `run/${run.id}` });
      return;
    case 'hold': {
      const reason = run.request_reason ?? 'held by hand';
      db.run(
        `INSERT INTO sets (run, epoch, name, state, reason, at) VALUES (?, ?, ?, 'held', ?, ?)
         ON CONFLICT (run, epoch, name) DO UPDATE SET state = 'held', reason = excluded.reason, at = excluded.at,
           decided_by = NULL`,
        run.id,
        run.epoch,
        byHand,
        reason,
        db.nowMs,
      );
      changeRun(db, run, 'held', { ...cause, reason, heldUntil: toDate(run.held_until) });
    }
  }
}
