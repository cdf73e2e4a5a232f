import { RotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import { isEnded, isFinished, isOpen, type RunState } from '../../../core/run-state.ts';
import type { Holder } from '../lease.ts';
import type { Failure } from '../run-view.ts';
import type { Connection } from './connection.ts';
import type { RunRow } from './rows.ts';

/** Who caused a change: a worker with its token, or a person or the monitor in `reason`. */
export interface Cause {
  readonly holder?: Holder | undefined;
  readonly token?: string | undefined;
  readonly reason?: string | undefined;
}

export interface RunChange extends Cause {
  readonly error?: Failure | undefined;
  readonly retryAt?: Date | undefined;
  readonly heldUntil?: Date | undefined;
  readonly pausedBy?: string | undefined;
}

export function requireRun(db: Connection, id: RunId): RunRow {
  const row = db.one<RunRow>(`SELECT r.* FROM runs r WHERE r.id = ?`, id);
  if (row === undefined) {
    throw new RotaError('RUN_UNKNOWN', `There is no run ${id}: see \`rota run list\``, {
      facts: { run: id },
    });
  }
  return row;
}

/** The one place where a run changes its state: records the transition and keeps the subject's turn. */
export function changeRun(db: Connection, run: RunRow, to: RunState, change: RunChange = {}): void {
  const now = db.nowMs;
  db.run(
    `UPDATE runs SET state = ?, open = ?, reason = ?, error_code = ?, error_message = ?, retry_at = ?, held_until = ?,
       paused_by = ?, request = NULL, request_reason = NULL, updated_at = ?, ended_at = ?,
       progress = CASE WHEN ? = 'running' THEN progress END
     WHERE id = ?`,
    to,
    isOpen(to) ? 1 : 0,
    change.reason ?? null,
    change.error?.code ?? null,
    change.error?.message ?? null,
    change.retryAt?.getTime() ?? null,
    change.heldUntil?.getTime() ?? null,
    change.pausedBy ?? null,
    now,
    isEnded(to) ? now : null,
    to,
    run.id,
  );
  recordTransition(db, { run: run.id, epoch: run.epoch, from: run.state, to, cause: change });
  if (run.state === 'running' && to !== 'running') leaveStages(db, run, to, change);
  if (to === 'failed' || to === 'retrying' || isFinished(to)) {
    db.run(
      'UPDATE subjects SET rank = ?, rank_at = ? WHERE job = ? AND subject = ?',
      isFinished(to) ? 2 : 1,
      now,
      run.job,
      run.subject,
    );
  }
  countOpenRuns(db, run);
}

/** A stage that was at work when its run left the worker's hands shares the run's fate, or waits. */
function leaveStages(db: Connection, run: RunRow, to: RunState, cause: Cause): void {
  const state: RunState = to === 'stopped' || to === 'paused' || to === 'cancelled' ? to : 'waiting';
  const stages = db.all<{ name: string; state: RunState }>(
    "SELECT name, state FROM stages WHERE run = ? AND epoch = ? AND state IN ('running', 'retrying')",
    run.id,
    run.epoch,
  );
  for (const stage of stages) {
    db.run(
      'UPDATE stages SET state = ? WHERE run = ? AND epoch = ? AND name = ?',
      state,
      run.id,
      run.epoch,
      stage.name,
    );
    recordTransition(db, {
      run: run.id,
      epoch: run.epoch,
      stage: stage.name,
      from: stage.state,
      to: state,
      cause,
    });
  }
}

export function countOpenRuns(db: Connection, run: Pick<RunRow, 'job' | 'subject'>): void {
  db.run(
    `UPDATE subjects SET
       open_runs = (SELECT count(*) FROM runs r WHERE r.job = subjects.job AND r.subject = subjects.subject AND r.open = 1),
       latest_run = (SELECT id FROM runs r WHERE r.job = subjects.job AND r.subject = subjects.subject
                      ORDER BY due_at DESC, id DESC LIMIT 1)
     WHERE job = ? AND subject = ?`,
    run.job,
    run.subject,
  );
}

export function recordTransition(
  db: Connection,
  p: {
    readonly run: RunId;
    readonly epoch: number;
    readonly stage?: string;
    readonly from?: RunState | undefined;
    readonly to: RunState;
    readonly cause: Cause;
  },
): void {
  db.run(
    `INSERT INTO transitions (run, epoch, stage, from_state, to_state, at, host, pid, token, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    p.run,
    p.epoch,
    p.stage ?? null,
    p.from ?? null,
    p.to,
    db.nowMs,
    p.cause.holder?.host ?? null,
    p.cause.holder?.pid ?? null,
    p.cause.token ?? null,
    p.cause.reason ?? null,
  );
}
