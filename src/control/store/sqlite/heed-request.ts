import { byHand } from '../run-view.ts';
import { type Cause, changeRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { type RunRow, toDate } from './rows.ts';

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
