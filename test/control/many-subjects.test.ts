import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { jobName, runId, subjectName } from '../../src/core/ids.ts';

const job = jobName('full-dump');
const holder = { host: 'test', pid: 1, startedAt: new Date() };
const subjects = 10_000;
/** The design's measure is 50 ms; a test on a busy machine allows for more, a missing index costs seconds. */
const allowedMs = 250;

/** Writes runs straight into the tables: 10,000 transactions through the port would only test the disk. */
function fill(file: string, state: 'waiting' | 'done'): void {
  const db = new DatabaseSync(file);
  const names = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${subjects})`;
  const open = state === 'waiting' ? 1 : 0;
  db.exec(`BEGIN;
    ${names} INSERT INTO runs (id, job, subject, date, epoch, state, open, due_at, created_at, updated_at, ended_at)
      SELECT 'full-dump/w' || i || '/20260101', 'full-dump', 'w' || i, '20260101', 1, '${state}', ${open}, i, i, i, i FROM n;
    ${names} INSERT INTO run_slots SELECT 'full-dump/w' || i || '/20260101', 'dumps' FROM n;
    ${names} INSERT INTO subjects (job, subject, rank, rank_at, open_runs, latest_run)
      SELECT 'full-dump', 'w' || i, i % 3, i, ${open}, 'full-dump/w' || i || '/20260101' FROM n;
    COMMIT`);
  db.close();
}

async function tookMs(action: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await action();
  return performance.now() - startMs;
}

for (const state of ['waiting', 'done'] as const) {
  test(`with ${subjects} subjects that are ${state}, claims and lists are quick`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'rota-many-'));
    try {
      const file = join(folder, 'rota.db');
      await using store = await openSqliteStore({ file, clock: systemClock });
      fill(file, state);
      const claim = (limit: number) =>
        store.claimNextRun({
          jobs: [job],
          holder,
          leaseMs: 30_000,
          slotLimits: { dumps: limit },
          resumeWithinMs: { [job]: 1e12 },
        });
      const id = runId(job, subjectName('w5000'), '20260101');
      let claimed: Awaited<ReturnType<typeof claim>>;
      const took = {
        claim: await tookMs(async () => {
          claimed = await claim(10);
        }),
        claimWhenFull: await tookMs(async () => assert.equal(await claim(1), undefined)),
        listRunning: await tookMs(() => store.listRuns({ states: ['running', 'failed'] })),
        listNewest: await tookMs(() => store.listRuns({ limit: 100 })),
        listPage: await tookMs(() => store.listRuns({ limit: 100, after: id })),
        waitReasons: await tookMs(() => store.waitReasons({ id, slotLimits: {}, resumeWithinMs: {} })),
        sweep: await tookMs(() => store.sweep()),
        listLatest: await tookMs(async () =>
          assert.equal((await store.listLatestRuns({ job })).length, subjects),
        ),
      };
      assert.equal(claimed?.run.subject, state === 'waiting' ? 'w3' : undefined);
      t.diagnostic(
        Object.entries(took)
          .map(([name, ms]) => `${name} ${ms.toFixed(1)} ms`)
          .join(', '),
      );
      const { listLatest, ...quick } = took;
      for (const [name, ms] of Object.entries(quick)) assert.ok(ms < allowedMs, `${name} took ${ms} ms`);
      // All 10,000 are read here, not a page of them.
      assert.ok(listLatest < 10 * allowedMs, `listLatest took ${listLatest} ms`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
