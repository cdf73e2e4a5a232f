import { DatabaseSync } from 'node:sqlite';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { jobName, runId, subjectName } from '../../src/core/ids.ts';
import { median } from '../measure/statistics.ts';
import { type BenchPlace, openBenchStore } from './bench-store.ts';

const rounds = 9;
const job = jobName('full-dump');

/** Milliseconds (medians) of what workers and `rota status` ask, with one waiting run for each of so many subjects. */
export async function askedOfMany(
  place: BenchPlace,
  subjects: number,
): Promise<Readonly<Record<string, number>>> {
  await using store = await openBenchStore(place);
  if (place.kind === 'sqlite') fill(place.file, subjects);
  else {
    // Side by side: one after the other each would wait for etcd's disk.
    const numbers = Array.from({ length: subjects }, (_, i) => i + 1);
    const workers = Array.from({ length: 32 }, async () => {
      for (let i = numbers.pop(); i !== undefined; i = numbers.pop()) {
        await store.createRun({ id: runId(job, subjectName(`w${i}`), '20260101'), slots: ['dumps'] });
      }
    });
    await Promise.all(workers);
  }
  return {
    'claim of the next run': await tookMs(() => claim(store)),
    'list of the newest 100': await tookMs(() => store.listRuns({ limit: 100 })),
    'list of what runs or failed': await tookMs(() => store.listRuns({ states: ['running', 'failed'] })),
    'sweep for expired leases': await tookMs(() => store.sweep()),
    'latest run of every subject': await tookMs(() => store.listLatestRuns({ job })),
  };
}

function claim(store: RunStore): Promise<unknown> {
  const holder = { host: 'bench', pid: process.pid, startedAt: new Date() };
  return store.claimNextRun({
    jobs: [job],
    holder,
    leaseMs: 30_000,
    slotLimits: { dumps: 1000 },
    resumeWithinMs: {},
  });
}

async function tookMs(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await action();
    times.push(performance.now() - startedMs);
  }
  return median(times);
}

/** Straight into the tables: so many transactions through the port would take their time. */
function fill(file: string, subjects: number): void {
  const db = new DatabaseSync(file);
  const names = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${subjects})`;
  const id = `'${job}/w' || i || '/20260101'`;
  db.exec(`BEGIN;
    ${names} INSERT INTO runs (id, job, subject, date, epoch, state, open, due_at, created_at, updated_at, ended_at)
      SELECT ${id}, '${job}', 'w' || i, '20260101', 1, 'waiting', 1, i, i, i, i FROM n;
    ${names} INSERT INTO run_slots SELECT ${id}, 'dumps' FROM n;
    ${names} INSERT INTO subjects (job, subject, rank, rank_at, open_runs, latest_run)
      SELECT '${job}', 'w' || i, i % 3, i, 1, ${id} FROM n;
    COMMIT`);
  db.close();
}
