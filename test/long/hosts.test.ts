// Two hosts on one farm: its wikis, the pieces of one wiki and its reports are spread over them, and one is taken out.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { parseRunId } from '../../src/core/ids.ts';
import {
  makeOperationsFarm,
  type OperationsFarm,
  Running,
  rota,
  rotaJson,
  showRun,
} from '../operations/operations-farm.ts';
import { CompressorGate } from '../support/compressor-gate.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { runRota } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { onHost, requiresHostNames } from '../support/uts-host.ts';
import { withinOneDay } from '../support/within-one-day.ts';

const noNames = await requiresHostNames();
const wikis = ['alphawiki', 'betawiki'] as const;
const later = 'gammawiki';

describe('a farm on two hosts', { concurrency: 2 }, () => {
  it('whose store is a file that both reach', { skip: requires('bzip2') || noNames }, async () => {
    await using folder = await temporaryFolder('hosts');
    await playHosts(folder.path, 'sqlite:./rota.db', () =>
      openSqliteStore({ file: folder.in('rota.db'), clock }),
    );
  });

  it('whose store is etcd', { skip: requires('bzip2', 'etcd') || noNames }, async () => {
    await using folder = await temporaryFolder('hosts');
    await using etcd = await startEtcd();
    const { endpoints } = etcd;
    await playHosts(folder.path, { etcd: endpoints }, () => openEtcdStore({ endpoints, clock }));
  });
});

async function playHosts(folder: string, store: unknown, open: () => Promise<RunStore>): Promise<void> {
  await withinOneDay(300);
  const gate = await CompressorGate.make(folder);
  const made = await makeOperationsFarm(folder, [...wikis, later], {
    farm: {
      store,
      phabricator: { dump: './tracker.dump' },
      scopes: { web: { title: 'Web', rules: [{ rule: 'ProjectByID', title: 'Web', project: 100 }] } },
    },
    fullDump: { slots: 2, piece: { size: '64KiB' }, compression: { articles: 'zst', history: 'bz2' } },
    jobs: { 'phabricator-load': { schedule: 'continuous' }, report: { schedule: 'continuous' } },
    revisions: 600,
  });
  const tracker = await runRota(['demo', 'tracker', 'tracker.dump', '--tasks', '60'], { cwd: folder });
  assert.equal(tracker.status, 0, tracker.stderr);
  assert.equal((await rota(made, 'pause', later)).status, 0);
  const on = (name: string): OperationsFarm => ({ ...made, env: gate.env, within: onHost(name) });
  await using one = new Running(on('one'), 'worker', '--jobs', 'full-dump');
  await one.said(/alphawiki\S* claimed/);
  await one.said(/betawiki\S* claimed/);
  await gate.reached();

  await using two = new Running(on('two'), 'worker');
  // Dumps have their host; the loading and the report are for the other, which then helps with a dump's pieces.
  await two.said(/full-dump\/\w+wiki\/\d+ .*help/i);
  await using reader = await open();
  await eventually(async () => (await hostsOfPieces(reader)).some((hosts) => hosts.join() === 'one,two'));
  const status = (await rota(made, 'status')).stdout.toString();
  assert.match(status, /^ +one: process \d+, Rota \S+; full-dump 2 of 2$/m);
  assert.match(status, /^ +two: process \d+, Rota \S+;.* full-dump 0 of 2/m);

  await gate.open();
  // The last of them all.
  await two.said(/report\/web\/\d+ done/);
  for (const wiki of wikis) await eventually(async () => (await showRun(made, wiki)).state === 'done');
  const runs = await rotaJson<{ id: string; state: string }>(made, 'run', 'list');
  for (const { id, state } of runs) if (!id.includes(later)) assert.equal(state, 'done', id);
  for (const job of ['phabricator-load', 'report']) {
    const run = runs.find(({ id }) => id.startsWith(`${job}/`));
    assert.ok(run, job);
    assert.deepEqual(await hostsOfRun(made, run.id), ['two'], job);
  }
  for (const wiki of wikis) assert.deepEqual(await hostsOfRun(made, wiki), ['one']);

  // Taken out, a host begins nothing; the other goes on.
  assert.equal((await rota(made, 'worker', 'drain', 'one', '--wait')).status, 0);
  await one.said(/begins nothing new: this host is drained/);
  assert.match((await rota(made, 'status')).stdout.toString(), /Drained hosts[\s\S]*one, by /);
  assert.equal((await rota(made, 'resume', later)).status, 0);
  await two.said(new RegExp(`full-dump/${later}/\\d+ done`));
  assert.deepEqual(await hostsOfRun(made, later), ['two']);
  for (const worker of [one, two]) worker.child.kill('SIGTERM');
  assert.deepEqual([await one.ended(), await two.ended()], [0, 0]);
}

/** For each dump at work, the hosts that have a piece of its content in hand. */
async function hostsOfPieces(store: RunStore): Promise<readonly (readonly string[])[]> {
  const found: string[][] = [];
  for (const { id, epoch } of await store.listRuns({ job: 'full-dump', states: ['running'] })) {
    assert.equal(parseRunId(id).job, 'full-dump');
    const pieces = await store.listPieces({ run: id, epoch, stage: 'content' });
    const hosts = pieces.flatMap((piece) => (piece.state === 'leased' ? (piece.holder?.host ?? []) : []));
    found.push([...new Set(hosts)].sort());
  }
  return found;
}

/** Hosts whose processes have changed a run's state. */
async function hostsOfRun(farm: OperationsFarm, run: string): Promise<readonly string[]> {
  const log = (await rota(farm, 'run', 'log', run)).stdout.toString();
  return [...new Set([...log.matchAll(/\(process \d+ on (\w+)\)/g)].map((match) => match[1] ?? ''))].sort();
}

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  const untilMs = clock.monotonicMs() + 120_000;
  while (!(await isSo())) {
    assert.ok(clock.monotonicMs() < untilMs, 'it never came to be');
    await clock.sleep(250);
  }
}
