import { refuseRequest } from '../refuse-change.ts';
import type { RunStore } from '../run-store.ts';
import { outweighs, type RunView } from '../run-view.ts';
import { requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { heed } from './heed-request.ts';
import { refuseMoved } from './refuse-moved.ts';
import { toRunView } from './rows.ts';
import { stopExpiredRuns } from './sweep-runs.ts';

export function requestRun(db: Connection, p: Parameters<RunStore['requestRun']>[0]): RunView {
  return db.write(() => {
    refuseMoved(db);
    stopExpiredRuns(db);
    const run = requireRun(db, p.id);
    refuseRequest(run, p.request);
    const reason = reasonOf(p);
    if (run.state !== 'running') {
      const asked = {
        ...run,
        request: p.request,
        request_reason: reason,
        held_until: p.heldUntil?.getTime() ?? null,
      };
      heed(db, asked, { reason });
    } else if (run.request === null || !outweighs(run.request, p.request)) {
      db.run(
        'UPDATE runs SET request = ?, request_reason = ?, held_until = ?, updated_at = ? WHERE id = ?',
        p.request,
        reason,
        p.heldUntil?.getTime() ?? null,
        db.nowMs,
        run.id,
      );
    }
    return toRunView(db, requireRun(db, run.id));
  });
}

function reasonOf(p: Parameters<RunStore['requestRun']>[0]): string {
  const done = { pause: 'paused', hold: 'held', cancel: 'cancelled' }[p.request];
  return `${done} by ${p.by}${p.reason === undefined ? '' : `: ${p.reason}`}`;
}
