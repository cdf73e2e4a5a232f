import type { RunId } from '../../../core/ids.ts';
import type { StageState } from '../../../core/run-state.ts';
import type { RunDetails, SetView, StageView } from '../run-view.ts';
import type { Connection } from './connection.ts';
import { fromJson } from './json.ts';
import { defined, type RunRow, toDate, toFailure, toRunView } from './rows.ts';

interface StageRow {
  readonly name: string;
  readonly position: number;
  readonly state: StageState;
  readonly tries: number;
  readonly reason: string | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly retry_at: number | null;
  readonly summary: string | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
}

interface SetRow {
  readonly name: string;
  readonly state: SetView['state'];
  readonly reason: string;
  readonly at: number;
  readonly decided_by: string | null;
}

export function readRun(db: Connection, id: RunId): RunDetails | undefined {
  return db.read(() => findRun(db, id));
}

/** Inside a transaction. */
export function findRun(db: Connection, id: RunId): RunDetails | undefined {
  const row = db.one<RunRow>(`SELECT r.* FROM runs r WHERE r.id = ?`, id);
  if (row === undefined) return undefined;
  const stages = db.all<StageRow>(
    'SELECT * FROM stages WHERE run = ? AND epoch = ? ORDER BY position, started_at, name',
    id,
    row.epoch,
  );
  const sets = db.all<SetRow>('SELECT * FROM sets WHERE run = ? AND epoch = ? ORDER BY name', id, row.epoch);
  return { ...toRunView(db, row), stages: stages.map(toStageView), sets: sets.map(toSetView) };
}

function toStageView(row: StageRow): StageView {
  return defined({
    name: row.name,
    position: row.position,
    state: row.state,
    tries: row.tries,
    reason: row.reason ?? undefined,
    retryAt: toDate(row.retry_at),
    error: toFailure(row.error_code, row.error_message),
    summary: fromJson(row.summary),
    startedAt: toDate(row.started_at),
    endedAt: toDate(row.ended_at),
  });
}

function toSetView(row: SetRow): SetView {
  return defined({
    set: row.name,
    state: row.state,
    reason: row.reason,
    at: new Date(row.at),
    by: row.decided_by ?? undefined,
  });
}
