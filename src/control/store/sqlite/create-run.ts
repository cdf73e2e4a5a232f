import { parseRunId } from '../../../core/ids.ts';
import type { NewRun } from '../run-store.ts';
import type { RunView } from '../run-view.ts';
import { countOpenRuns, recordTransition, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { toJson } from './json.ts';
import { refuseMoved } from './refuse-moved.ts';
import { toRunView } from './rows.ts';

export function createRun(db: Connection, p: NewRun): { created: boolean; run: RunView } {
  const { job, subject, date } = parseRunId(p.id);
  const parameters = toJson(p.parameters, `parameters of ${p.id}`);
  const slots = [...new Set(p.slots)].sort();
  const needs = [...new Set(p.needs)].sort();
  return db.write(() => {
    refuseMoved(db);
    const now = db.nowMs;
    const dueAt = p.dueAt?.getTime() ?? now;
    const created =
      db.run(
        `INSERT INTO runs (id, job, subject, date, epoch, state, open, parameters, slots, needs, due_at, created_at, updated_at)
         VALUES (?, ?, ?, ?, 1, 'waiting', 1, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
        p.id,
        job,
        subject,
        date,
        parameters,
        JSON.stringify(slots),
        JSON.stringify(needs),
        dueAt,
        now,
        now,
      ) > 0;
    if (created) {
      for (const slot of slots) {
        db.run('INSERT OR IGNORE INTO run_slots (run, slot) VALUES (?, ?)', p.id, slot);
      }
      for (const needed of needs) {
        db.run('INSERT OR IGNORE INTO run_needs (run, needs) VALUES (?, ?)', p.id, needed);
      }
      db.run(
        'INSERT INTO subjects (job, subject, rank, rank_at) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING',
        job,
        subject,
        dueAt,
      );
      countOpenRuns(db, { job, subject });
      recordTransition(db, { run: p.id, epoch: 1, to: 'waiting', cause: {} });
    }
    return { created, run: toRunView(db, requireRun(db, p.id)) };
  });
}
