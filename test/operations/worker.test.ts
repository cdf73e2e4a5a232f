import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { makeOperationsFarm, Running, rota, rotaJson, showRun } from './operations-farm.ts';

test('a worker dumps every wiki that is due, then status, list and log tell of it', async () => {
  await using folder = await temporaryFolder('worker');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki', 'betawiki']);
  const worker = await rota(farm, 'worker', '--once');
  assert.equal(worker.status, 0, worker.stderr);
  const runs = await rotaJson<{ id: string; state: string }>(farm, 'run', 'list', '--state', 'done');
  assert.deepEqual(runs.map((run) => run.id.split('/')[1]).toSorted(), ['alphawiki', 'betawiki']);

  const again = await rota(farm, 'worker', '--once');
  assert.doesNotMatch(again.stdout.toString(), /claimed/, 'nothing is due twice on one day');

  const status = await rota(farm, 'status');
  const lines = status.stdout.toString().trimEnd().split('\n');
  for (const line of lines) assert.ok(line.length <= 80, `${line.length} columns: ${line}`);
  assert.match(status.stdout.toString(), /^alphawiki +done +\d{8} /m);

  const log = (await rota(farm, 'run', 'log', 'betawiki')).stdout.toString();
  assert.match(log, /run waiting → running \(process \d+ on /);
  assert.match(log, /publish running → done/);
  const events = (await rota(farm, 'run', 'log', 'betawiki', '--events')).stdout.toString();
  assert.match(events, /run-ended state="done"/);
});

test('two workers share the wikis, and each run is worked on once', async () => {
  await using folder = await temporaryFolder('workers');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki', 'betawiki', 'gammawiki']);
  const results = await Promise.all([rota(farm, 'worker', '--once'), rota(farm, 'worker', '--once')]);
  for (const result of results) assert.equal(result.status, 0, result.stderr);
  const said = results.map((result) => result.stdout.toString()).join('\n');
  for (const wiki of farm.wikis) {
    const claims = said.match(new RegExp(`full-dump/${wiki}/\\d+ claimed`, 'g')) ?? [];
    assert.equal(claims.length, 1, `${wiki}\n${said}`);
    assert.equal((await showRun(farm, wiki)).state, 'done');
  }
});

test('SIGTERM gives the run back, and the next worker goes on where it stopped', async () => {
  await using folder = await temporaryFolder('sigterm');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki']);
  await using worker = new Running(farm, 'worker');
  await worker.said(/spool done/);
  worker.child.kill('SIGTERM');
  assert.equal(await worker.ended(), 0, worker.lines.join('\n'));
  const given = await showRun(farm, 'alphawiki');
  assert.equal(given.state, 'waiting', worker.lines.join('\n'));
  assert.notEqual(given.lease?.alive, true);

  const next = await rota(farm, 'worker', '--once');
  assert.equal((await showRun(farm, 'alphawiki')).state, 'done', next.stdout.toString());
  assert.doesNotMatch(next.stdout.toString(), /spool done/, 'what was finished is not done again');
});

test('runs are paused and cancelled within 10 seconds, and what was paused goes on', async () => {
  await using folder = await temporaryFolder('pause');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki', 'betawiki'], { revisions: 5000 });
  await using worker = new Running(farm, 'worker');
  const within10s = async (wiki: string, command: readonly string[], code: string) => {
    await worker.said(new RegExp(`/${wiki}/\\d+ begins`));
    const askedAt = Date.now();
    const asked = await rota(farm, ...command);
    assert.equal(asked.status, 0, asked.stderr);
    await worker.said(new RegExp(`/${wiki}/\\d+ interrupted: ${code}`));
    assert.ok(Date.now() - askedAt < 10_000, `${Date.now() - askedAt} ms`);
  };
  await within10s('alphawiki', ['pause', 'alphawiki'], 'RUN_PAUSED');
  await within10s('betawiki', ['run', 'cancel', 'betawiki'], 'RUN_CANCELLED');
  assert.match((await rota(farm, 'why', 'alphawiki')).stdout.toString(), /paused/i);
  assert.equal((await rota(farm, 'resume', 'alphawiki')).status, 0);
  await worker.said(/\/alphawiki\/\d+ done/);
  worker.child.kill('SIGTERM');
  assert.equal(await worker.ended(), 0);
  assert.equal((await showRun(farm, 'alphawiki')).state, 'done');
  assert.equal((await showRun(farm, 'betawiki')).state, 'cancelled');
});

test('a lease that is renewed is not broken, and nobody is asked off a terminal', async () => {
  await using folder = await temporaryFolder('unlock');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki'], { revisions: 5000 });
  await using worker = new Running(farm, 'worker');
  await worker.said(/ begins/);
  const shown = await rota(farm, 'run', 'unlock', 'alphawiki');
  assert.equal(shown.status, 75);
  assert.match(shown.stderr, /held by process \d+ on /);
  assert.equal((await rota(farm, 'run', 'unlock', 'alphawiki', '--force-unlock')).status, 2);
  const forced = await rota(farm, 'run', 'unlock', 'alphawiki', '--force-unlock', '--yes');
  assert.equal(forced.status, 75, forced.stderr);
  assert.match(forced.stderr, /LEASE_ALIVE/);
  worker.child.kill('SIGTERM');
  assert.equal(await worker.ended(), 0);
});

test('a drained host begins nothing new, and goes on when it is undrained', async () => {
  await using folder = await temporaryFolder('drain');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki']);
  const drained = await rota(farm, 'worker', 'drain', hostname(), '--wait');
  assert.equal(drained.status, 0, drained.stderr);
  const status = (await rota(farm, 'status')).stdout.toString();
  assert.match(status, new RegExp(`Drained hosts[^]*${hostname()}, by `));
  const idle = await rota(farm, 'worker', '--once');
  assert.equal(idle.status, 0, idle.stderr);
  assert.match(idle.stdout.toString(), /begins nothing new: this host is drained by/);
  assert.doesNotMatch(idle.stdout.toString(), /claimed/);
  assert.equal((await rota(farm, 'worker', 'undrain', hostname())).status, 0);
  assert.equal((await rota(farm, 'worker', 'undrain', hostname())).status, 4);
  await rota(farm, 'worker', '--once');
  assert.equal((await showRun(farm, 'alphawiki')).state, 'done');
});
