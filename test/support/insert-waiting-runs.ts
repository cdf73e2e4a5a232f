import type { DatabaseSync } from 'node:sqlite';
import type { JobName } from '../../src/core/ids.ts';

/**
 * Writes one waiting run for each of so many subjects straight into the tables of a store: as many transactions through
 * the port would take longer than what is tested or measured.
 */
export function insertWaitingRuns(db: DatabaseSync, job: JobName, subjects: number): void {
  const names = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${subjects})`;
  const id = `'${job}/w' || i || '/20260101'`;
  db.exec(`BEGIN;
    ${names} INSERT INTO runs (id, job, subject, date, epoch, state, open, due_at, created_at, updated_at)
      SELECT ${id}, '${job}', 'w' || i, '20260101', 1, 'waiting', 1, i, i, i FROM n;
    ${names} INSERT INTO run_slots SELECT ${id}, 'dumps' FROM n;
    ${names} INSERT INTO subjects (job, subject, rank, rank_at, open_runs, latest_run)
      SELECT '${job}', 'w' || i, i % 3, i, 1, ${id} FROM n;
    COMMIT`);
}
