import { byHand } from '../run-view.ts';
import type { RunRecord } from '../stored-records.ts';
import { type Cause, changeRun } from './change-run.ts';
import type { Transaction } from './transaction.ts';
import { toDate } from './views.ts';

/** The run, which no worker holds any more, becomes what was asked of it. */
export async function heed(
  tx: Transaction,
  run: RunRecord,
  cause: Cause,
  also: Partial<RunRecord> = {},
): Promise<RunRecord> {
  switch (run.request) {
    case undefined:
      return run;
    case 'cancel':
      return changeRun(tx, run, 'cancelled', cause, also);
    case 'pause':
      return changeRun(tx, run, 'paused', { ...cause, pausedBy: `run/${run.id}` }, also);
    case 'hold': {
      const reason = run.requestReason ?? 'held by hand';
      const held = { set: byHand, state: 'held', reason, at: tx.nowMs } as const;
      const sets = [...run.sets.filter((set) => set.set !== byHand), held];
      return changeRun(
        tx,
        run,
        'held',
        { ...cause, reason, heldUntil: toDate(run.heldUntil) },
        { ...also, sets },
      );
    }
  }
}
