import type { RunId } from '../../../core/ids.ts';
import type { Connection } from './connection.ts';

const belongings = [
  ['transitions', 'run'],
  ['stages', 'run'],
  ['sets', 'run'],
  ['pieces', 'run'],
  ['run_slots', 'run'],
  ['run_needs', 'run'],
  ['runs', 'id'],
] as const;

export function pruneRuns(
  db: Connection,
  p: { readonly endedBefore: Date; readonly limit: number },
): readonly RunId[] {
  return db.write(() => {
    const ids = db
      .all<{ id: RunId }>(
        `SELECT r.id FROM runs r
          WHERE r.ended_at < ?
            AND r.id <> (SELECT latest_run FROM subjects s WHERE s.job = r.job AND s.subject = r.subject)
            AND r.id <> coalesce((SELECT d.id FROM runs d WHERE d.job = r.job AND d.subject = r.subject
                  AND d.state IN ('done', 'done-with-errors') ORDER BY d.due_at DESC, d.id DESC LIMIT 1), '')
            AND NOT EXISTS (SELECT 1 FROM run_needs n JOIN runs w ON w.id = n.run WHERE n.needs = r.id AND w.ended_at IS NULL)
          ORDER BY r.ended_at LIMIT ?`,
        p.endedBefore.getTime(),
        p.limit,
      )
      .map((row) => row.id);
    for (const id of ids) {
      for (const [table, column] of belongings) db.run(`DELETE FROM ${table} WHERE ${column} = ?`, id);
      db.run("DELETE FROM leases WHERE key = 'run/' || ?", id);
    }
    return ids;
  });
}
