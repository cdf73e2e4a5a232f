import { refuseRequest } from '../refuse-change.ts';
import type { RunStore } from '../run-store.ts';
import { outweighs, type RunView } from '../run-view.ts';
import type { RunRecord } from '../stored-records.ts';
import { putRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { heed } from './heed-request.ts';
import { askRun } from './resume-run.ts';

export async function requestRun(db: Connection, p: Parameters<RunStore['requestRun']>[0]): Promise<RunView> {
  return askRun(db, p.id, async (tx, run) => {
    refuseRequest(run, p.request);
    const reason = reasonOf(p);
    const asked: RunRecord = {
      ...run,
      request: p.request,
      requestReason: reason,
      heldUntil: p.heldUntil?.getTime(),
      updatedAt: tx.nowMs,
    };
    if (run.state !== 'running') return heed(tx, asked, { reason });
    if (run.request !== undefined && outweighs(run.request, p.request)) return run;
    putRun(tx, run, asked);
    return asked;
  });
}

function reasonOf(p: Parameters<RunStore['requestRun']>[0]): string {
  const done = { pause: 'paused', hold: 'held', cancel: 'cancelled' }[p.request];
  return `${done} by ${p.by}${p.reason === undefined ? '' : `: ${p.reason}`}`;
}
