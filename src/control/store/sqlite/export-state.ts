import type { RunId } from '../../../core/ids.ts';
import { isOpen, type StageState } from '../../../core/run-state.ts';
import type {
  DateRecord,
  HolderRecord,
  PieceRecord,
  RunRecord,
  SetRecord,
  SubjectRecord,
} from '../stored-records.ts';
import type { StoredThing } from '../stored-state.ts';
import type { Connection } from './connection.ts';
import { readGeneration } from './grant-lease.ts';
import { fromJson } from './json.ts';
import { type RunRow, toFailure } from './rows.ts';

/** All that is in the file, as one moment has it; inside a transaction of the caller. */
export function* exportState(db: Connection): Generator<StoredThing> {
  yield { kind: 'generation', generation: readGeneration(db) };
  const exit = db.one<{ value: string }>("SELECT value FROM meta WHERE key = 'exit'");
  if (exit !== undefined) yield { kind: 'exit', by: exit.value };
  for (const row of db.each<{ key: string; counter: number }>('SELECT key, counter FROM leases')) {
    // The counter only: whoever held it then does not now.
    yield { kind: 'fence', key: row.key, fence: { counter: row.counter } };
  }
  for (const id of db.all<{ id: RunId }>('SELECT id FROM runs')) yield* exportRun(db, id.id);
  for (const row of db.all<SubjectRow>('SELECT job, subject, rank, rank_at FROM subjects')) {
    yield { kind: 'subject', subject: toSubject(db, row) };
  }
  for (const row of db.each<{ key: string; value: string; token: string; at: number }>(
    'SELECT * FROM pointers',
  )) {
    yield { kind: 'pointer', key: row.key, json: row.value, token: row.token, at: row.at };
  }
  for (const row of db.each<{ key: string; at: number }>('SELECT key, at FROM due')) {
    yield { kind: 'due', key: row.key, at: row.at };
  }
  for (const row of db.each<{ scope: string; at: number; by: string }>('SELECT scope, at, by FROM pauses')) {
    yield { kind: 'pause', pause: { scope: row.scope, at: row.at, by: row.by } };
  }
}

interface SubjectRow extends Pick<SubjectRecord, 'job' | 'subject' | 'rank'> {
  readonly rank_at: number;
}

function toSubject(db: Connection, row: SubjectRow): SubjectRecord {
  const { job, subject, rank } = row;
  const dates = db
    .all<RunRow>('SELECT * FROM runs WHERE job = ? AND subject = ? ORDER BY due_at, id', job, subject)
    .map((run): DateRecord => {
      const open = isOpen(run.state);
      return {
        id: run.id,
        state: run.state,
        dueAt: run.due_at,
        retryAt: run.retry_at ?? undefined,
        slots: open ? JSON.parse(run.slots) : [],
        needs: open ? JSON.parse(run.needs) : [],
      };
    });
  return { job, subject, rank, rankAt: row.rank_at, dates };
}

function* exportRun(db: Connection, id: RunId): Generator<StoredThing> {
  const row = db.one<RunRow>('SELECT * FROM runs WHERE id = ?', id);
  if (row === undefined) return;
  const transitions = db.all<TransitionRow>('SELECT * FROM transitions WHERE run = ? ORDER BY number', id);
  yield { kind: 'run', run: toRun(db, row, transitions.length) };
  for (const [i, t] of transitions.entries()) {
    const transition = {
      at: t.at,
      epoch: t.epoch,
      stage: t.stage ?? undefined,
      from: t.from_state ?? undefined,
      to: t.to_state,
      host: t.host ?? undefined,
      pid: t.pid ?? undefined,
      token: t.token ?? undefined,
      reason: t.reason ?? undefined,
    };
    yield { kind: 'transition', run: id, number: i + 1, transition };
  }
  for (const s of db.all<StageRow>('SELECT * FROM stages WHERE run = ?', id)) {
    const stage = {
      name: s.name,
      position: s.position,
      state: s.state,
      tries: s.tries,
      reason: s.reason ?? undefined,
      error: toFailure(s.error_code, s.error_message),
      retryAt: s.retry_at ?? undefined,
      summary: fromJson(s.summary),
      startedAt: s.started_at ?? undefined,
      endedAt: s.ended_at ?? undefined,
    };
    yield { kind: 'stage', run: id, epoch: s.epoch, stage };
  }
  const cuts = db.all<{ epoch: number; stage: string }>(
    'SELECT DISTINCT epoch, stage FROM pieces WHERE run = ?',
    id,
  );
  for (const { epoch, stage } of cuts) {
    const rows = db.all<PieceRow>(
      'SELECT * FROM pieces WHERE run = ? AND epoch = ? AND stage = ? ORDER BY position',
      id,
      epoch,
      stage,
    );
    yield { kind: 'pieces', run: id, epoch, stage, pieces: rows.map(toPiece) };
  }
}

function toRun(db: Connection, row: RunRow, transitions: number): RunRecord {
  const sets = db
    .all<{ name: string; state: SetRecord['state']; reason: string; at: number; decided_by: string | null }>(
      'SELECT name, state, reason, at, decided_by FROM sets WHERE run = ? AND epoch = ? ORDER BY name',
      row.id,
      row.epoch,
    )
    .map((set): SetRecord => {
      const { name, state, reason, at, decided_by: by } = set;
      return { set: name, state, reason, at, ...(by === null ? {} : { by }) };
    });
  return {
    id: row.id,
    job: row.job,
    subject: row.subject,
    date: row.date,
    epoch: row.epoch,
    state: row.state,
    reason: row.reason ?? undefined,
    error: toFailure(row.error_code, row.error_message),
    retryAt: row.retry_at ?? undefined,
    heldUntil: row.held_until ?? undefined,
    tries: row.tries,
    stops: row.stops,
    request: row.request ?? undefined,
    requestReason: row.request_reason ?? undefined,
    pausedBy: row.paused_by ?? undefined,
    parameters: fromJson(row.parameters),
    progress: fromJson(row.progress) as RunRecord['progress'],
    holder: fromJson(row.holder) as HolderRecord | undefined,
    slots: JSON.parse(row.slots),
    needs: JSON.parse(row.needs),
    sets,
    dueAt: row.due_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    transitions,
  };
}

function toPiece(row: PieceRow): PieceRecord {
  const { path, size_bytes: sizeBytes, sha256 } = row;
  const result = fromJson(row.result);
  return {
    id: row.id,
    position: row.position,
    weight: row.weight,
    data: fromJson(row.data),
    state: row.state,
    counter: row.counter,
    tries: row.tries,
    retryAt: row.retry_at ?? undefined,
    error: toFailure(row.error_code, row.error_message),
    holder: fromJson(row.holder) as HolderRecord | undefined,
    leaseMs: row.lease_ms ?? undefined,
    committed:
      path === null || sizeBytes === null || sha256 === null
        ? undefined
        : { path, sizeBytes, sha256, ...(result === undefined ? {} : { result }) },
  };
}

interface TransitionRow {
  readonly at: number;
  readonly epoch: number;
  readonly stage: string | null;
  readonly from_state: RunRow['state'] | null;
  readonly to_state: RunRow['state'];
  readonly host: string | null;
  readonly pid: number | null;
  readonly token: string | null;
  readonly reason: string | null;
}

interface StageRow {
  readonly epoch: number;
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

interface PieceRow {
  readonly id: string;
  readonly position: number;
  readonly weight: number;
  readonly data: string | null;
  readonly state: PieceRecord['state'];
  readonly counter: number;
  readonly tries: number;
  readonly retry_at: number | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly holder: string | null;
  readonly lease_ms: number | null;
  readonly path: string | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
  readonly result: string | null;
}
