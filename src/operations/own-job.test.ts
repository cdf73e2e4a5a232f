import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFarm } from '../composition.ts';
import { FarmFolder, outputYaml } from '../config/testing/farm-folder.ts';
import { createDueRuns } from '../control/schedule/run-scheduler.ts';
import { done, Stage, type StageContext } from '../control/stage.ts';
import { isRotaError } from '../core/errors/rota-error.ts';
import { jobName, runId, subjectName } from '../core/ids.ts';
import { silentLog } from '../core/log.ts';
import { ManualClock } from '../core/manual-clock.ts';
import type { AnyJob, JobDefinition } from '../jobs/definition/job-definition.ts';
import type { JobMonitoring } from '../jobs/definition/job-monitoring.ts';
import { fullDump } from '../jobs/full-dump/definition.ts';
import { claimRules } from './claim-rules.ts';
import { FarmMonitor } from './monitor/farm-monitor.ts';
import { findRun } from './runs/find-run.ts';
import { knownNames } from './runs/known-names.ts';
import { schedulesOf } from './schedules.ts';
import { readFarmStatus } from './status/farm-status.ts';
import { claimableJobs } from './worker/claimable-jobs.ts';
import { workOnRun } from './worker/work-on-run.ts';

/** Services of another kind than a dump's: a list of what happened. */
interface Diary {
  readonly entries: string[];
}

class LoadStage extends Stage<Diary> {
  readonly name = 'load';
  readonly deadlineMs = 60_000;

  async run(context: StageContext<Diary>) {
    context.services.entries.push(`loaded ${context.run.subject} in ${context.workspace}`);
    return done();
  }
}

const tracker = subjectName('tracker');

/** A job that is nothing like a dump: it runs on a tracker, by the minute, in the public tree. */
function trackerJob(entries: string[], more: Partial<JobDefinition<Diary>> = {}): JobDefinition<Diary> {
  return {
    name: jobName('tracker-load'),
    subjectKind: 'tracker',
    claimedBy: 'workers',
    subjects: () => [tracker],
    settings: () => ({
      schedule: { kind: 'cron', expression: '*/10 * * * *', zone: 'UTC' },
      catchUp: { policy: 'latest', withinMs: 3_600_000 },
      dated: 'minute',
      slots: 3,
      resumeWithinMs: 7_200_000,
    }),
    plan: (_farm, { dueAt }) => ({ parameters: { dueAt: dueAt.toISOString() }, slots: ['duckdb'] }),
    audience: () => 'public',
    startCommand: (subject) => `rota report load ${subject}`,
    load: async () => ({
      stages: () => [new LoadStage()],
      openServices: async () => {
        entries.push('opened');
        return {
          services: { entries },
          [Symbol.asyncDispose]: async () => void entries.push('closed'),
        };
      },
    }),
    ...more,
  };
}

async function withFarm(
  jobs: readonly AnyJob[],
  use: (farm: Awaited<ReturnType<typeof openFarm>>, clock: ManualClock) => Promise<void>,
): Promise<void> {
  using folder = new FarmFolder();
  const clock = new ManualClock();
  const { config } = await folder.load(
    `${outputYaml}slots: { db1: 1 }\nwikis: { aawiki: { database: sqlite:a.db, siteinfo: s.xml, slots: [db1] } }`,
  );
  await using farm = await openFarm(config, { clock, env: {}, version: '1', jobs });
  await use(farm, clock);
}

const never = new AbortController().signal;

test('a job of another kind is scheduled, shown, claimed and worked on with services of its own', async () => {
  const entries: string[] = [];
  const jobs = [fullDump, trackerJob(entries)];
  await withFarm(jobs, async (farm, clock) => {
    const { config, store } = farm;
    const [schedule, ...others] = schedulesOf(config, jobs);
    assert.ok(schedule !== undefined && others.length === 0, 'full dumps are only made when asked for');
    await createDueRuns(schedule, { store, clock, log: silentLog });
    await clock.advance(600_000);
    const [id] = await createDueRuns(schedule, { store, clock, log: silentLog });
    assert.match(id ?? '', /^tracker-load\/tracker\/\d{8}T\d{4}Z$/);
    assert.deepEqual(
      [...claimableJobs(config, jobs, undefined)],
      [
        ['full-dump', 1],
        ['tracker-load', 3],
      ],
    );
    assert.equal(claimRules(config, jobs).resumeWithinMs[jobName('tracker-load')], 7_200_000);

    assert.ok(id !== undefined);
    assert.deepEqual(entries, [], 'nothing is opened before somebody works on a run');
    const log = { farm, run: id, inherited: undefined, clock, log: silentLog, signal: never };
    const { run } = await workOnRun({ ...log, onEvent: () => {} });
    assert.equal(run.state, 'done');
    assert.deepEqual(run.slots, ['duckdb']);
    const workspace = farm.workspaceOf(run);
    assert.deepEqual(entries, ['opened', `loaded tracker in ${workspace}`, 'closed']);
    assert.ok(workspace.startsWith(farm.trees.public.workRoot));
    assert.match(await readFile(join(workspace, 'run.log'), 'utf8'), /"type":"run-ended"/);

    const status = await readFarmStatus({ config, jobs, store, clock });
    assert.deepEqual(
      status.subjects.map(({ job, kind, subject, state }) => [job, kind, subject, state]),
      [
        ['full-dump', 'wiki', 'aawiki', 'never'],
        ['tracker-load', 'tracker', 'tracker', 'done'],
      ],
    );
    assert.equal((await findRun(store, 'tracker', knownNames(config, jobs))).id, id);
    await assert.rejects(
      findRun(store, 'aawiki', knownNames(config, jobs)),
      (error) => isRotaError(error, 'RUN_UNKNOWN') && /rota dump aawiki makes one/.test(error.message),
    );
  });
});

test('workers leave alone what only its creator works on, and what rota.yaml does not have', async () => {
  const own = { claimedBy: 'creator' } as const;
  const absent = { name: jobName('other'), settings: () => null };
  const jobs = [trackerJob([], own), trackerJob([], absent)];
  await withFarm(jobs, async ({ config, store }, clock) => {
    assert.deepEqual([...claimableJobs(config, jobs, 2)], []);
    const status = await readFarmStatus({ config, jobs, store, clock });
    assert.deepEqual(
      status.subjects.map(({ job }) => job),
      ['tracker-load'],
      'what was never configured nor run is not shown',
    );
  });
});

test('services are closed, and the job told, when a run cannot be finished', async () => {
  const entries: string[] = [];
  class BrokenStage extends LoadStage {
    override async run(): Promise<never> {
      throw new Error('broken');
    }
  }
  const job = trackerJob(entries);
  const broken: JobDefinition<Diary> = {
    ...job,
    load: async () => ({
      ...(await job.load()),
      stages: () => [new BrokenStage()],
      gaveUp: async (services, run) => void services.entries.push(`gave up ${run}`),
    }),
  };
  await withFarm([broken], async (farm, clock) => {
    const id = runId(job.name, tracker, '20260101');
    await farm.store.createRun({ id });
    const log = { farm, run: id, inherited: undefined, clock, log: silentLog, signal: never };
    const { run } = await workOnRun({ ...log, onEvent: () => {} });
    assert.equal(run.state, 'failed');
    assert.deepEqual(entries, ['opened', `gave up ${id}`, 'closed']);
  });
});

test('the monitor does the chores of all jobs in the order of their phases, and keeps their state', async () => {
  const seen: string[] = [];
  const monitoring = (name: string): JobMonitoring => {
    let sweeps = 0;
    const chore = (phase: 'withdraw' | 'retention' | 'index') => ({
      phase,
      name: `${phase} of ${name}`,
      run: async () => void seen.push(`${phase} ${name} ${sweeps++}`),
    });
    return { chores: [chore('index'), chore('withdraw'), chore('retention')] };
  };
  const jobs = ['a', 'b'].map((name) =>
    trackerJob([], { name: jobName(name), loadMonitoring: async () => monitoring(name) }),
  );
  await withFarm(jobs, async (farm, clock) => {
    const { config } = farm;
    const monitor = new FarmMonitor({
      farm,
      readConfig: async () => config,
      clock,
      log: silentLog,
      signal: never,
      onSweep: () => {},
    });
    assert.deepEqual((await monitor.once()).failed, []);
    assert.deepEqual(seen, [
      'withdraw a 0',
      'withdraw b 0',
      'retention a 1',
      'retention b 1',
      'index a 2',
      'index b 2',
    ]);
    await monitor.once();
    assert.equal(seen[6], 'withdraw a 3');
  });
});

test('without a word of its job a workspace goes when its run has ended', async () => {
  const job = trackerJob([]);
  await withFarm([job], async (farm, clock) => {
    const id = runId(job.name, tracker, '20260101');
    await farm.store.createRun({ id });
    const log = { farm, run: id, inherited: undefined, clock, log: silentLog, signal: never };
    const { run } = await workOnRun({ ...log, onEvent: () => {} });
    const monitor = new FarmMonitor({
      farm,
      readConfig: async () => farm.config,
      clock,
      log: silentLog,
      signal: never,
      onSweep: () => {},
    });
    await monitor.once();
    await access(farm.workspaceOf(run));
    // The folder's own times are the machine's: a day after them it has been idle for a day.
    await clock.advance(Date.now() - clock.now().getTime() + 25 * 3_600_000);
    await monitor.once();
    await assert.rejects(access(farm.workspaceOf(run)), { code: 'ENOENT' });
  });
});
