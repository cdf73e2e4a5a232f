import type { SQLInputValue } from 'node:sqlite';
import type { RunId } from '../../../core/ids.ts';
import type { RunState } from '../../../core/run-state.ts';
import type { RunFilter } from '../run-store.ts';
import type { RunView, Transition } from '../run-view.ts';
import type { Connection } from './connection.ts';
import { defined, toRunView } from './rows.ts';
import { findRunRows } from './run-rows.ts';

export function listRuns(db: Connection, p: RunFilter): readonly RunView[] {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  if (p.job !== undefined) {
    conditions.push('r.job = ?');
    values.push(p.job);
  }
  if (p.subject !== undefined) {
    conditions.push('r.subject = ?');
    values.push(p.subject);
  }
  if (p.states !== undefined) {
    conditions.push(`r.state IN (${p.states.map(() => '?').join(', ')})`);
    values.push(...p.states);
  }
  if (p.updatedSince !== undefined) {
    conditions.push('r.updated_at >= ?');
    values.push(p.updatedSince.getTime());
  }
  if (p.after !== undefined) {
    conditions.push('(r.created_at, r.id) < (SELECT created_at, id FROM runs WHERE id = ?)');
    values.push(p.after);
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return db.read(() =>
    findRunRows(
      db,
      `FROM runs r ${where} ORDER BY r.created_at DESC, r.id DESC LIMIT ?`,
      ...values,
      p.limit ?? 100,
    ).map((row) => toRunView(db, row)),
  );
}

export function listLatestRuns(db: Connection, job: string): readonly RunView[] {
  return db.read(() =>
    findRunRows(
      db,
      'FROM subjects s JOIN runs r ON r.id = s.latest_run WHERE s.job = ? ORDER BY s.subject',
      job,
    ).map((row) => toRunView(db, row)),
  );
}

interface TransitionRow {
  readonly at: number;
  readonly epoch: number;
  readonly stage: string | null;
  readonly from_state: RunState | null;
  readonly to_state: RunState;
  readonly host: string | null;
  readonly pid: number | null;
  readonly token: string | null;
  readonly reason: string | null;
}

export function listTransitions(db: Connection, id: RunId): readonly Transition[] {
  return db.all<TransitionRow>('SELECT * FROM transitions WHERE run = ? ORDER BY number', id).map((row) =>
    defined({
      at: new Date(row.at),
      epoch: row.epoch,
      stage: row.stage ?? undefined,
      from: row.from_state ?? undefined,
      to: row.to_state,
      host: row.host ?? undefined,
      pid: row.pid ?? undefined,
      token: row.token ?? undefined,
      reason: row.reason ?? undefined,
    }),
  );
}
