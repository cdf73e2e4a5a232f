import type { RunId } from '../../../core/ids.ts';
import type { RunRequest } from '../run-store.ts';
import type { PauseScope } from '../run-view.ts';
import { changeRun, requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { pausesOf } from './find-wait-reasons.ts';
import { refuseMoved } from './refuse-moved.ts';
import { defined, type RunRow, toDate } from './rows.ts';

export function pauseScope(db: Connection, p: { readonly scope: PauseScope; readonly by: string }): void {
  db.write(() => {
    refuseMoved(db);
    db.run(
      'INSERT INTO pauses (scope, at, by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      p.scope,
      db.nowMs,
      p.by,
    );
  });
}

/** Runs that had stopped because of this scope wait for a worker again. */
export function resumeScope(
  db: Connection,
  p: { readonly scope: PauseScope; readonly by: string },
): readonly RunId[] {
  return db.write(() => {
    refuseMoved(db);
    db.run('DELETE FROM pauses WHERE scope = ?', p.scope);
    const rows = db.all<RunRow>(
      `SELECT r.* FROM runs r WHERE r.state = 'paused' AND r.paused_by = ?`,
      p.scope,
    );
    for (const run of rows) changeRun(db, run, 'waiting', { reason: `resumed by ${p.by}` });
    return rows.map((run) => run.id);
  });
}

export function listPauses(
  db: Connection,
): readonly { readonly scope: PauseScope; readonly at: Date; readonly by: string }[] {
  return db
    .all<{ scope: PauseScope; at: number; by: string }>('SELECT scope, at, by FROM pauses ORDER BY scope')
    .map((row) => ({ scope: row.scope, at: new Date(row.at), by: row.by }));
}

export function readRequest(db: Connection, id: RunId): RunRequest | undefined {
  return db.read(() => {
    const run = requireRun(db, id);
    if (run.request !== null) {
      return {
        request: run.request,
        scope: `run/${id}`,
        ...(run.request === 'hold'
          ? defined({ reason: run.request_reason ?? undefined, heldUntil: toDate(run.held_until) })
          : {}),
      };
    }
    const [scope] = pausesOf(db, run);
    return scope === undefined ? undefined : { request: 'pause', scope };
  });
}

export function setExit(db: Connection, p: { readonly exit: boolean; readonly by: string }): void {
  db.write(() => {
    refuseMoved(db);
    if (p.exit) {
      db.run(
        "INSERT INTO meta (key, value) VALUES ('exit', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        p.by,
      );
    } else {
      db.run("DELETE FROM meta WHERE key = 'exit'");
    }
  });
}

export function readExit(db: Connection): boolean {
  return db.one("SELECT 1 FROM meta WHERE key = 'exit'") !== undefined;
}
