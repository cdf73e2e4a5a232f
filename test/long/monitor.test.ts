import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, test } from 'node:test';
import {
  makeOperationsFarm,
  Running,
  rota,
  rotaJson,
  showRun,
  writeConfig,
} from '../operations/operations-farm.ts';
import { CompressorGate } from '../support/compressor-gate.ts';
import { endLeases } from '../support/end-leases.ts';
import { requires } from '../support/requirements.ts';
import { signalTree } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { withinOneDay } from '../support/within-one-day.ts';

beforeEach(() => withinOneDay());

test('after kill -9 the monitor stops the run and its page says so; a worker finishes it', {
  skip: requires('bzip2'),
}, async () => {
  await using folder = await temporaryFolder('heal');
  const gate = await CompressorGate.make(folder.path);
  const made = await makeOperationsFarm(folder.path, ['alphawiki'], {
    fullDump: { compression: { articles: 'bz2', history: 'zst' } },
  });
  const farm = { ...made, env: gate.env };
  await using dump = new Running(farm, '--json', 'dump', 'alphawiki', '--date', '20260101');
  await gate.reached();
  signalTree(dump.child, 'SIGKILL');
  await dump.child;
  await gate.open();
  const page = folder.in('public', 'alphawiki', '20260101', 'status.html');
  assert.match(await readFile(page, 'utf8'), /in-progress/);

  endLeases(farm.folder);
  const swept = await rota(farm, 'monitor', '--once');
  assert.equal(swept.status, 0, swept.stderr);
  assert.equal((await showRun(farm, 'alphawiki')).state, 'stopped');
  assert.match(await readFile(page, 'utf8'), /dump aborted/);

  assert.equal((await rota(farm, 'worker', '--once')).status, 0);
  assert.equal((await showRun(farm, 'alphawiki/20260101')).state, 'done');
  assert.match(await readFile(page, 'utf8'), /class='done'/);
});

test('retention keeps N dates, forgets the pointers of others, and indexes name what is left', async () => {
  await using folder = await temporaryFolder('retention');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki'], {
    fullDump: { keep: 2, outputs: ['titles'] },
  });
  for (const date of ['20260101', '20260102', '20260103']) {
    const made = await rota(farm, 'dump', 'alphawiki', '--date', date);
    assert.equal(made.status, 0, made.stderr);
  }
  assert.equal((await rota(farm, 'monitor', '--once')).status, 0);
  const there = (date: string) => existsSync(folder.in('public', 'alphawiki', date));
  assert.deepEqual(['20260101', '20260102', '20260103'].map(there), [false, true, true]);
  const keys = pointerKeys(folder.in('rota.db'));
  assert.ok(keys.some((key) => key.includes('/20260102/')));
  assert.deepEqual(
    keys.filter((key) => key.includes('/20260101/')),
    [],
  );
  const index = JSON.parse(await readFile(folder.in('public', 'index.json'), 'utf8')) as { wikis: object };
  assert.deepEqual(Object.keys(index.wikis), ['alphawiki']);
});

test('a wiki that turns private leaves the public tree and its indexes at the next sweep', async () => {
  await using folder = await temporaryFolder('withdraw');
  const settings = { fullDump: { outputs: ['titles'] } };
  const farm = await makeOperationsFarm(folder.path, ['secretwiki'], settings);
  assert.equal((await rota(farm, 'worker', '--once')).status, 0);
  assert.equal((await rota(farm, 'monitor', '--once')).status, 0);
  assert.match(await readFile(folder.in('public', 'index.json'), 'utf8'), /secretwiki/);

  await writeConfig(farm, { ...settings, wiki: { private: true } });
  for (let sweep = 0; sweep < 2; sweep++) {
    const swept = await rota(farm, 'monitor', '--once');
    assert.equal(swept.status, 0, swept.stderr);
    assert.equal(existsSync(folder.in('public', 'secretwiki')), false);
  }
  for (const name of ['index.json', 'index.html', 'backup-index.html', 'backup-index-bydb.html']) {
    assert.doesNotMatch(await readFile(folder.in('public', name), 'utf8'), /secretwiki/, name);
  }
});

test('what is held alerts, and is published when approved, refused when rejected', async () => {
  await using folder = await temporaryFolder('held');
  const told: { title: string; kind: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      told.push(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const farm = await makeOperationsFarm(folder.path, ['alphawiki', 'betawiki'], {
      farm: { alerts: { webhook: { url } } },
    });
    // A text that cannot be read is above the tolerance of none.
    for (const wiki of farm.wikis) spoilOneText(join(folder.path, `${wiki}.sqlite`));
    await rota(farm, 'worker', '--once');
    for (const wiki of farm.wikis) assert.equal((await showRun(farm, wiki)).state, 'held');
    assert.match((await rota(farm, 'why', 'alphawiki')).stdout.toString(), /held for approval/);
    assert.equal((await rota(farm, 'monitor', '--once')).status, 0);
    assert.equal((await rota(farm, 'monitor', '--once')).status, 0);
    assert.deepEqual(
      // How full the disk of this machine is is told as well.
      told.map((alert) => alert.kind).filter((kind) => kind !== 'disk'),
      ['held', 'held'],
      'each is told once',
    );

    const wrong = await rota(farm, 'run', 'approve', 'alphawiki', '--set', 'histroy');
    assert.equal(wrong.status, 2, wrong.stderr);
    assert.equal((await rota(farm, 'run', 'approve', 'alphawiki')).status, 0);
    assert.equal((await rota(farm, 'run', 'reject', 'betawiki')).status, 0);
    await rota(farm, 'worker', '--once');
    assert.equal((await showRun(farm, 'alphawiki')).state, 'done-with-errors');
    assert.equal((await showRun(farm, 'betawiki')).state, 'failed');
    const [status] = await rotaJson<{ date: string }>(farm, 'status', 'alphawiki');
    const name = `alphawiki-${status?.date}-pages-articles.xml.zst`;
    assert.ok(existsSync(folder.in('public', 'alphawiki', `${status?.date}`, name)), name);
  } finally {
    server.close();
  }
});

function spoilOneText(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(
    "UPDATE text SET old_text = x'00', old_flags = 'gzip' WHERE old_id = (SELECT max(old_id) FROM text)",
  );
  database.close();
}

function pointerKeys(file: string): readonly string[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare('SELECT key FROM pointers').all();
  database.close();
  return rows.map((row) => String(row.key));
}
