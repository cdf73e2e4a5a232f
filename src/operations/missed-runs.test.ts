import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../config/load-config.ts';
import { FarmFolder, outputYaml } from '../config/testing/farm-folder.ts';
import { createDueRuns } from '../control/schedule/run-scheduler.ts';
import { openSqliteStore } from '../control/store/sqlite/open-sqlite-store.ts';
import { jobName, runId, subjectName } from '../core/ids.ts';
import { silentLog } from '../core/log.ts';
import { ManualClock } from '../core/manual-clock.ts';
import { fullDump } from '../jobs/full-dump/definition.ts';
import { missedOf, missedRuns } from './missed-runs.ts';
import { schedulesOf } from './schedules.ts';

const schedule = {
  job: jobName('changes'),
  subjects: ['frwiki', 'newwiki', 'enwiki'].map((name) => subjectName(name)),
};
const when = { expression: '30 2,14 * * *', zone: 'UTC' };
const run = (subject: string, date: string, createdAt: string) => ({
  subject: subjectName(subject),
  date,
  createdAt: new Date(createdAt),
});

test('missed are due times without a run, from the first run of a subject until a little while ago', () => {
  const runs = [
    run('frwiki', '20261126', '2026-11-26T02:30:10Z'),
    run('frwiki', '20261129', '2026-11-29T02:30:10Z'),
    // By hand, of an old date: the schedule began no earlier for that.
    run('enwiki', '20260101', '2026-11-29T12:00:00Z'),
  ];
  const missed = [...missedOf(schedule, when, runs, new Date('2026-11-30T02:35:00Z'))];
  assert.deepEqual(
    missed.map(({ run, dueAt }) => [run, dueAt.toISOString()]),
    [
      ['changes/frwiki/20261127', '2026-11-27T02:30:00.000Z'],
      ['changes/frwiki/20261128', '2026-11-28T02:30:00.000Z'],
      ['changes/enwiki/20261129', '2026-11-29T14:30:00.000Z'],
    ],
  );
});

test('what was missed more than 30 days ago is over', () => {
  const runs = [run('frwiki', '20260901', '2026-09-01T02:30:10Z')];
  const [first] = missedOf(schedule, when, runs, new Date('2026-11-30T12:00:00Z'));
  assert.equal(first?.run, 'changes/frwiki/20261031');
});

test('due times before the schedule had its present expression are none that were missed', async () => {
  const clock = new ManualClock('2026-11-01T12:00:00Z');
  using farm = new FarmFolder();
  await using store = await openSqliteStore({ file: join(farm.path, 'rota.db'), clock });
  const scheduled = async (cron: string) => {
    farm.write(
      'rota.yaml',
      `${outputYaml}wikis: { a: { database: sqlite:x, siteinfo: x.xml } }\njobs: { full-dump: { schedule: "${cron}", catchUp: { policy: none } } }\n`,
    );
    const { config } = await loadConfig(join(farm.path, 'rota.yaml'), { cwd: farm.path, env: {} });
    return { config, store, clock, jobs: [fullDump] };
  };
  const looks = async (cron: string) => {
    const p = await scheduled(cron);
    for (const one of schedulesOf(p.config, p.jobs)) await createDueRuns(one, { ...p, log: silentLog });
    return (await missedRuns(p)).map(({ run }) => run);
  };
  assert.deepEqual(await looks('0 2 1 * *'), []);
  await store.createRun({ id: runId(fullDump.name, subjectName('a'), '20261101') });
  clock.setTimeOfDay('2026-11-20T12:00:00Z');
  assert.deepEqual(await looks('0 2 * * *'), [], 'nobody was to dump daily until now');
  clock.setTimeOfDay('2026-11-22T12:00:00Z');
  assert.deepEqual(await looks('0 2 * * *'), ['full-dump/a/20261122', 'full-dump/a/20261121']);
});
