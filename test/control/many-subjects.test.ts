// What 10,000 subjects cost is measured in bench/run-control.ts; here: that nothing walks through all of them.
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { before, describe, it } from 'node:test';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { jobName, runId, subjectName } from '../../src/core/ids.ts';
import { insertWaitingRuns } from '../support/insert-waiting-runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const job = jobName('full-dump');
const holder = { host: 'test', pid: 1, startedAt: new Date() };
const subjects = 10_000;
const rules = { slotLimits: { dumps: 10 }, resumeWithinMs: { [job]: 1e12 } };

describe(`a store with ${subjects} subjects`, () => {
  const plans = new Map<string, readonly string[]>();

  before(async () => {
    await using folder = await temporaryFolder('many');
    const file = folder.in('rota.db');
    const asked = new Set<string>();
    const { prepare } = DatabaseSync.prototype;
    DatabaseSync.prototype.prepare = function (sql, ...rest) {
      asked.add(sql);
      return prepare.call(this, sql, ...rest);
    };
    try {
      await using store = await openSqliteStore({ file, clock: systemClock });
      using db = new DatabaseSync(file);
      insertWaitingRuns(db, job, subjects);
      db.exec('ANALYZE');
      const id = runId(job, subjectName('w5000'), '20260101');
      const claimed = await store.claimNextRun({ ...rules, jobs: [job], holder, leaseMs: 30_000 });
      assert.equal(claimed?.run.subject, 'w3', 'never done, longest ago');
      const full = { ...rules, slotLimits: { dumps: 1 } };
      assert.equal(await store.claimNextRun({ ...full, jobs: [job], holder, leaseMs: 30_000 }), undefined);
      await store.claimRun({ ...rules, id, holder, leaseMs: 30_000 });
      await store.listRuns({ states: ['running', 'failed'] });
      await store.listRuns({ limit: 100 });
      await store.listRuns({ job, limit: 100, after: id });
      await store.listRuns({ job, subject: 'w77', limit: 1 });
      await store.waitReasons({ ...rules, id });
      await store.sweep();
      await store.pruneRuns({ endedBefore: new Date(), limit: 100 });
      assert.equal((await store.listLatestRuns({ job })).length, subjects);
      for (const sql of asked) {
        if (!/^\s*(?:SELECT|UPDATE|DELETE)\b/.test(sql)) continue;
        const steps = prepare.call(db, `EXPLAIN QUERY PLAN ${sql}`).all();
        plans.set(
          sql,
          steps.map((step) => String(step.detail)),
        );
      }
    } finally {
      DatabaseSync.prototype.prepare = prepare;
    }
  });

  it('is asked nothing that walks a table of runs, leases or what belongs to them', () => {
    assert.ok(plans.size > 15, `${plans.size} statements`);
    // Tables of a few rows, and what is given as a parameter.
    const small = /^SCAN (?:pauses|json_each|meta|sqlite_schema|VIRTUAL|\d+|CONSTANT)/;
    const walks = [...plans].flatMap(([sql, steps]) =>
      steps
        .filter((step) => step.startsWith('SCAN') && !small.test(step))
        .map((step) => `${step}: ${sql.replaceAll(/\s+/g, ' ').trim()}`),
    );
    assert.deepEqual(
      walks.filter((walk) => !walk.includes(' USING ')),
      [],
    );
  });

  it('walks an index only where a limit ends the walk, or where all subjects are wanted', () => {
    for (const [sql, steps] of plans) {
      if (!steps.some((step) => /^SCAN .* USING /.test(step))) continue;
      assert.match(sql, /LIMIT|INDEXED BY subjects_turn/, `${steps.join('; ')}: ${sql}`);
    }
  });
});
