import { isEnded, isFinished } from '../../../core/run-state.ts';
import type { LeaseGuard } from '../lease.ts';
import type { StageChange } from '../run-store.ts';
import type { Progress } from '../run-view.ts';
import type { RunRecord, StageRecord } from '../stored-records.ts';
import { recordTransition, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { guardedRun, guardLease } from './ownership.ts';
import { transact } from './transaction.ts';
import { smallValue } from './values.ts';

export async function putStage(
  db: Connection,
  p: {
    readonly guard: LeaseGuard;
    readonly stage: string;
    readonly position: number;
    readonly change: StageChange;
  },
): Promise<void> {
  const summary = smallValue(p.change.summary, `summary of stage ${p.stage}`);
  await transact(db, async (tx) => {
    guardLease(tx, p.guard);
    const run = await requireRun(tx, guardedRun(p.guard));
    const key = keys.stage(run.id, run.epoch, p.stage);
    const before = await tx.get<StageRecord>(key);
    const { state, tries, reason, error, retryAt } = p.change;
    tx.put(key, {
      name: p.stage,
      position: p.position,
      state,
      tries: tries ?? before?.tries ?? 0,
      reason,
      error,
      retryAt: retryAt?.getTime(),
      summary: summary ?? before?.summary,
      startedAt: before?.startedAt ?? (state === 'running' ? tx.nowMs : undefined),
      endedAt: isEnded(state) || state === 'held' ? tx.nowMs : undefined,
    } satisfies StageRecord);
    const recorded = recordTransition(tx, run, {
      stage: p.stage,
      from: before?.state,
      to: state,
      cause: {
        holder: run.holder,
        token: p.guard.token,
        reason: reason ?? (error === undefined ? undefined : `${error.code}: ${error.message}`),
      },
    });
    tx.put(keys.run(run.id), {
      ...recorded,
      updatedAt: tx.nowMs,
      stops: isFinished(state) ? 0 : run.stops,
    } satisfies RunRecord);
  });
}

export async function putProgress(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly stage: string; readonly progress: Progress },
): Promise<void> {
  smallValue(p.progress, 'progress');
  await transact(db, async (tx) => {
    guardLease(tx, p.guard);
    const run = await requireRun(tx, guardedRun(p.guard));
    const progress = { ...p.progress, stage: p.stage, at: tx.nowMs };
    tx.put(keys.run(run.id), { ...run, progress, updatedAt: tx.nowMs } satisfies RunRecord);
  });
}
