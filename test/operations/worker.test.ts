import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { beforeEach, test } from 'node:test';
import { CompressorGate } from '../support/compressor-gate.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { withinOneDay } from '../support/within-one-day.ts';
import { makeOperationsFarm, Running, rota, rotaJson, showRun } from './operations-farm.ts';
import { SiteinfoGate } from './siteinfo-gate.ts';

beforeEach(() => withinOneDay());

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

test('two workers share the wikis, and each run is worked on once; who watches the status sees it', async () => {
  await using folder = await temporaryFolder('workers');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki', 'betawiki', 'gammawiki']);
  await using status = new Running(farm, 'status', '--watch');
  await status.said(/^gammawiki +never/);
  const results = await Promise.all([rota(farm, 'worker', '--once'), rota(farm, 'worker', '--once')]);
  for (const result of results) assert.equal(result.status, 0, result.stderr);
  const said = results.map((result) => result.stdout.toString()).join('\n');
  for (const wiki of farm.wikis) {
    const claims = said.match(new RegExp(`full-dump/${wiki}/\\d+ claimed`, 'g')) ?? [];
    assert.equal(claims.length, 1, `${wiki}\n${said}`);
    assert.equal((await showRun(farm, wiki)).state, 'done');
    await status.said(new RegExp(`^${wiki} +done`));
  }
  status.child.kill('SIGINT');
  assert.equal(await status.ended(), 0);
});

test('SIGTERM gives the run back, and the next worker goes on where it stopped', {
  skip: requires('bzip2'),
}, async () => {
  await using folder = await temporaryFolder('sigterm');
  const gate = await CompressorGate.make(folder.path);
  const made = await makeOperationsFarm(folder.path, ['alphawiki'], {
    fullDump: { compression: { articles: 'bz2', history: 'zst' } },
  });
  const farm = { ...made, env: gate.env };
  await using worker = new Running(farm, 'worker');
  await gate.reached();
  worker.child.kill('SIGTERM');
  await worker.said(/was told to stop/);
  // The piece in hand may come to its end; the stages after it are for the next worker.
  await gate.open();
  assert.equal(await worker.ended(), 0, worker.lines.join('\n'));
  const given = await showRun(farm, 'alphawiki');
  assert.equal(given.state, 'waiting', worker.lines.join('\n'));
  assert.notEqual(given.lease?.alive, true);

  const next = await rota(farm, 'worker', '--once');
  assert.equal((await showRun(farm, 'alphawiki')).state, 'done', next.stdout.toString());
  assert.doesNotMatch(next.stdout.toString(), /spool done/, 'what was finished is not done again');
});

test('runs at work are paused, held and cancelled; what was paused or approved goes on', async () => {
  await using folder = await temporaryFolder('pause');
  await using gate = await SiteinfoGate.make(folder.path);
  const farm = await makeOperationsFarm(folder.path, ['pausewiki', 'holdwiki', 'cancelwiki'], {
    siteinfo: (wiki) => gate.urlOf(wiki),
  });
  await using worker = new Running(farm, 'worker', '--slots', '3');
  await gate.reached(farm);
  const asked = [
    ['pause', 'pausewiki'],
    ['run', 'hold', 'holdwiki', '--reason', 'the disk is odd'],
    ['run', 'cancel', 'cancelwiki'],
  ];
  for (const command of asked) {
    const { status, stderr } = await rota(farm, ...command);
    assert.equal(status, 0, stderr);
  }
  for (const [wiki, code] of [
    ['pausewiki', 'RUN_PAUSED'],
    ['holdwiki', 'RUN_HELD'],
    ['cancelwiki', 'RUN_CANCELLED'],
  ] as const) {
    await worker.said(new RegExp(`/${wiki}/\\d+ interrupted: ${code}`));
  }
  const why = async (wiki: string) => (await rota(farm, 'why', wiki)).stdout.toString();
  assert.match(await why('pausewiki'), /paused/i);
  assert.match(
    (await why('holdwiki')).replaceAll(/\s+/g, ' '),
    /held for approval \(held by .*: the disk is odd\)/,
  );
  assert.equal((await rota(farm, 'run', 'resume', 'holdwiki')).status, 1, 'a held run is decided about');

  await gate.open();
  assert.equal((await rota(farm, 'resume', 'pausewiki')).status, 0);
  assert.equal((await rota(farm, 'run', 'approve', 'holdwiki')).status, 0);
  for (const wiki of ['pausewiki', 'holdwiki']) await worker.said(new RegExp(`/${wiki}/\\d+ done`));
  worker.child.kill('SIGTERM');
  assert.equal(await worker.ended(), 0);
  const states = farm.wikis.map(async (wiki) => (await showRun(farm, wiki)).state);
  assert.deepEqual(await Promise.all(states), ['done', 'done', 'cancelled']);
});

test('several terminals join a run at work; each ends with its exit status', async () => {
  await using folder = await temporaryFolder('attach');
  await using gate = await SiteinfoGate.make(folder.path);
  const farm = await makeOperationsFarm(folder.path, ['alphawiki'], { siteinfo: (wiki) => gate.urlOf(wiki) });
  await using worker = new Running(farm, 'worker', '--once');
  await gate.reached(farm);
  await using first = new Running(farm, '--json', 'attach', 'alphawiki');
  await using second = new Running(farm, '--json', 'attach', 'alphawiki');
  await using left = new Running(farm, '--json', 'attach', 'alphawiki');
  for (const terminal of [first, second, left]) await terminal.said(/"stage-started".*"preflight"/);
  left.child.kill('SIGINT');
  assert.equal(await left.ended(), 130, 'who leaves ends the watching only');
  await gate.open();
  for (const terminal of [first, second]) {
    assert.equal(await terminal.ended(), 0, terminal.lines.join('\n'));
    for (const stage of ['spool', 'content', 'publish', 'finish'])
      await terminal.said(new RegExp(`"stage-ended","run":"[^"]*","stage":"${stage}"`));
    await terminal.said(/"run-ended".*"state":"done"/);
  }
  assert.equal(await worker.ended(), 0);
  const after = await rota(farm, 'attach', 'alphawiki');
  assert.deepEqual([after.status, /done$/m.test(after.stdout.toString())], [0, true]);
});

test('a run that nobody works on is held at once, and rejected it has failed', async () => {
  await using folder = await temporaryFolder('hold');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki']);
  const some = await rota(farm, 'dump', 'alphawiki', '--date', '20260101', '--only', 'spool');
  assert.equal(some.status, 0, some.stderr);
  const would = await rota(farm, 'run', 'hold', 'alphawiki', '--dry-run');
  assert.match(would.stdout.toString(), /would hold full-dump\/alphawiki\/20260101, which is paused/);
  const held = await rota(farm, 'run', 'hold', 'alphawiki', '--reason', 'not before Monday');
  assert.match(held.stdout.toString(), /full-dump\/alphawiki\/20260101 is held/);
  const shown = (await rota(farm, 'run', 'show', 'alphawiki')).stdout.toString();
  assert.match(shown, /held by .*: not before Monday/);
  assert.match(shown, /fails at: \d{4}-/);
  const dump = await rota(farm, 'dump', 'alphawiki', '--date', '20260101');
  assert.equal(dump.status, 1);
  assert.match(dump.stderr, /is held/);
  assert.equal((await rota(farm, 'run', 'hold', 'alphawiki')).status, 1, 'it is held already');
  assert.equal((await rota(farm, 'run', 'reject', 'alphawiki')).status, 0);
  assert.equal((await showRun(farm, 'alphawiki')).state, 'failed');
});

test('a lease that is renewed is not broken, and nobody is asked off a terminal', async () => {
  await using folder = await temporaryFolder('unlock');
  await using gate = await SiteinfoGate.make(folder.path);
  const farm = await makeOperationsFarm(folder.path, ['alphawiki'], { siteinfo: (wiki) => gate.urlOf(wiki) });
  await using worker = new Running(farm, 'worker');
  await gate.reached(farm);
  const shown = await rota(farm, 'run', 'unlock', 'alphawiki');
  assert.equal(shown.status, 75);
  assert.match(shown.stderr, /held by process \d+ on /);
  assert.equal((await rota(farm, 'run', 'unlock', 'alphawiki', '--force-unlock')).status, 2);
  const forced = await rota(farm, 'run', 'unlock', 'alphawiki', '--force-unlock', '--yes');
  assert.equal(forced.status, 75, forced.stderr);
  assert.match(forced.stderr, /LEASE_ALIVE/);
  worker.child.kill('SIGTERM');
  await gate.open();
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
