import { isEnded, isFinished, type StageState } from '../../../core/run-state.ts';
import type { LeaseGuard } from '../lease.ts';
import type { StageChange } from '../run-store.ts';
import type { Progress } from '../run-view.ts';
import { recordTransition, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { guardedRun } from './end-run.ts';
import { holderFromJson, toJson } from './json.ts';
import { assertOwner } from './ownership.ts';

export function putStage(
  db: Connection,
  p: {
    readonly guard: LeaseGuard;
    readonly stage: string;
    readonly position: number;
    readonly change: StageChange;
  },
): void {
  const summary = toJson(p.change.summary, `summary of stage ${p.stage}`);
  db.write(() => {
    assertOwner(db, p.guard);
    const run = requireRun(db, guardedRun(p.guard));
    const before = db.one<{ state: StageState }>(
      'SELECT state FROM stages WHERE run = ? AND epoch = ? AND name = ?',
      run.id,
      run.epoch,
      p.stage,
    );
    const now = db.nowMs;
    const { state, tries, reason, error, retryAt } = p.change;
    db.run(
      `INSERT INTO stages (run, epoch, name, position, state, tries, reason, error_code, error_message, retry_at, summary, started_at, ended_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (run, epoch, name) DO UPDATE SET position = excluded.position, state = excluded.state,
         tries = CASE WHEN ? THEN excluded.tries ELSE tries END, reason = excluded.reason,
         error_code = excluded.error_code, error_message = excluded.error_message, retry_at = excluded.retry_at,
         summary = coalesce(excluded.summary, summary), started_at = coalesce(started_at, excluded.started_at),
         ended_at = excluded.ended_at`,
      run.id,
      run.epoch,
      p.stage,
      p.position,
      state,
      tries ?? 0,
      reason ?? null,
      error?.code ?? null,
      error?.message ?? null,
      retryAt?.getTime() ?? null,
      summary,
      state === 'running' ? now : null,
      isEnded(state) || state === 'held' ? now : null,
      tries === undefined ? 0 : 1,
    );
    recordTransition(db, {
      run: run.id,
      epoch: run.epoch,
      stage: p.stage,
      from: before?.state,
      to: state,
      cause: {
        holder: run.holder === null ? undefined : holderFromJson(run.holder),
        token: p.guard.token,
        reason: reason ?? (error === undefined ? undefined : `${error.code}: ${error.message}`),
      },
    });
    db.run(
      'UPDATE runs SET updated_at = ?, stops = CASE WHEN ? THEN 0 ELSE stops END WHERE id = ?',
      now,
      isFinished(state) ? 1 : 0,
      run.id,
    );
  });
}

/** Progress is for the eye: it waits for no disk. */
export function putProgress(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly stage: string; readonly progress: Progress },
): void {
  db.writeUnsynced(() => {
    assertOwner(db, p.guard);
    const now = db.nowMs;
    const progress = toJson({ ...p.progress, stage: p.stage, at: now }, 'progress');
    db.run('UPDATE runs SET progress = ?, updated_at = ? WHERE id = ?', progress, now, guardedRun(p.guard));
  });
}
