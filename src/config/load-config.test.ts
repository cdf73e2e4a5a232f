import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { isRotaError } from '../core/errors/rota-error.ts';
import { loadConfig } from './load-config.ts';
import { showConfig } from './show-config.ts';
import { FarmFolder, outputYaml } from './testing/farm-folder.ts';

test('the least of files comes to a whole configuration', async () => {
  using farm = new FarmFolder();
  const { config, warnings } = await farm.load(
    `${outputYaml}wikis: { aawiki: { database: sqlite:a.db, siteinfo: s.xml } }`,
  );
  assert.deepEqual(warnings, []);
  assert.equal(config.folder, farm.path);
  assert.deepEqual(config.output.public, {
    folder: join(farm.path, 'public'),
    workspaceFolder: join(farm.path, 'work'),
  });
  assert.deepEqual(config.store, { kind: 'sqlite', file: join(farm.path, 'rota.db') });
  const wiki = config.wikis.get('aawiki');
  assert.ok(wiki !== undefined);
  assert.deepEqual(wiki.database, { kind: 'sqlite', file: join(farm.path, 'a.db') });
  assert.deepEqual(wiki.siteInfo, { kind: 'file', file: join(farm.path, 's.xml') });
  assert.equal(wiki.isPrivate, false);
  assert.deepEqual(wiki.fullDump, config.jobs.fullDump.settings);
  assert.deepEqual(config.jobs.fullDump.schedule, { kind: 'manual', zone: 'UTC' });
  assert.deepEqual(wiki.fullDump.compression.history, ['bz2', 'zst']);
  assert.equal(wiki.fullDump.threads, availableParallelism());
  assert.equal(wiki.fullDump.piece.rawBytes, 64 * 1024 * 1024);
  assert.equal(wiki.fullDump.shrinkGuard, 0.05);
  assert.equal(wiki.fullDump.tolerance.mismatchedTexts, null);
  assert.equal(wiki.fullDump.deadlineMs, 7 * 86_400_000);
});

test('a wiki sets its own over wikiDefaults, and those over the job', async () => {
  using farm = new FarmFolder();
  farm.write('general.password', 'general\n');
  farm.write('b.password', 'own\nnot this\n');
  const { config } = await farm.load(`${outputYaml}
slots: { db1: 2 }
wikiDefaults:
  database: mysql://rota@db1/{wiki}
  siteinfo: https://{wiki}.example.org/w/api.php
  passwordFile: general.password
  slots: [db1]
  tables: { private: [user] }
  full-dump: { keep: 5, compression: { history: zst } }
wikis:
  awiki:
  bwiki:
    database: mysql://other@db2:3307/b_data?socket=run/b.sock
    passwordFile: b.password
    externalStores: { cluster1: "mysql://es@es1/{wiki}_text", cluster2: { database: sqlite:es.db } }
    full-dump: { keep: 7, piece: { size: 1MB }, split: { history: { maxPages: 500 } } }
jobs:
  full-dump: { schedule: "0 2 1,20 * *", zone: Europe/Berlin, keep: 2, compression: { articles: [bz2, zst] }, split: { history: { maxRawBytes: 35GB } } }
`);
  const [a, b] = [config.wikis.get('awiki'), config.wikis.get('bwiki')];
  assert.ok(a !== undefined && b !== undefined);
  assert.ok(a.database.kind === 'mysql' && b.database.kind === 'mysql');
  assert.deepEqual(
    [a.database.host, a.database.database, a.database.password?.reveal()],
    ['db1', 'awiki', 'general'],
  );
  assert.deepEqual(a.siteInfo, { kind: 'api', url: 'https://awiki.example.org/w/api.php' });
  assert.deepEqual([b.database.port, b.database.user, b.database.password?.reveal()], [3307, 'other', 'own']);
  assert.equal(b.database.socketPath, join(farm.path, 'run/b.sock'));
  const external = b.externalStores.get('cluster1');
  assert.ok(external?.kind === 'mysql');
  assert.deepEqual([external.database, external.password?.reveal()], ['bwiki_text', 'own']);
  assert.deepEqual(b.externalStores.get('cluster2'), { kind: 'sqlite', file: join(farm.path, 'es.db') });
  assert.deepEqual([config.jobs.fullDump.settings.keep, a.fullDump.keep, b.fullDump.keep], [2, 5, 7]);
  assert.deepEqual(b.fullDump.compression.articles, ['bz2', 'zst']);
  assert.deepEqual(b.fullDump.compression.history, ['zst']);
  assert.deepEqual(a.fullDump.split.history, { maxRawBytes: 35_000_000_000, maxPages: null });
  assert.deepEqual(b.fullDump.split.history, { maxRawBytes: 35_000_000_000, maxPages: 500 });
  assert.deepEqual(b.fullDump.split.stubs, { maxRawBytes: null, maxPages: null });
  assert.deepEqual(b.fullDump.piece, { rawBytes: 1_000_000, revisions: 200_000 });
  assert.deepEqual(b.tables, { extra: [], private: ['user'] });
  assert.deepEqual(config.jobs.fullDump.schedule, {
    kind: 'cron',
    expression: '0 2 1,20 * *',
    zone: 'Europe/Berlin',
  });
});

test('secrets come from the environment, too, and are never printed', async () => {
  using farm = new FarmFolder();
  farm.write('token', 'tok-hunter2\n');
  const { config, warnings } = await farm.load(
    `${outputYaml}
alerts: { webhook: { url: https://x.example.org/, tokenFile: token } }
wikis:
  a: { database: mysql://u@h/a, siteinfo: s, passwordVariable: DB_PASSWORD }
  b: { database: "mysql://u:p%40hunter2@h/b", siteinfo: s }
`,
    { DB_PASSWORD: 'env-hunter2' },
  );
  const [a, b] = [config.wikis.get('a')?.database, config.wikis.get('b')?.database];
  assert.ok(a?.kind === 'mysql' && b?.kind === 'mysql');
  assert.equal(a.password?.reveal(), 'env-hunter2');
  assert.equal(b.password?.reveal(), 'p@hunter2');
  assert.equal(warnings.length, 1);
  const printed = [
    showConfig(config, 'yaml'),
    showConfig(config, 'json'),
    inspect(config, { depth: 20 }),
    inspect(warnings),
  ];
  for (const text of printed) assert.doesNotMatch(text, /hunter2/);
  assert.match(showConfig(config, 'yaml'), /password: "\[secret\]"/);
});

test('a file that is not there is not an empty configuration', async () => {
  using farm = new FarmFolder();
  await assert.rejects(loadConfig('rota.yaml', { env: {}, cwd: farm.path }), (error) =>
    isRotaError(error, 'CONFIG_NOT_FOUND'),
  );
});

test('a thousand wikis are read at once', async () => {
  using farm = new FarmFolder();
  const wikis = Array.from({ length: 1_000 }, (_, i) => `  w${i}: {}`).join('\n');
  const startedAt = performance.now();
  const { config } = await farm.load(
    `${outputYaml}wikiDefaults: { database: "mysql://u@h/{wiki}", siteinfo: "s/{wiki}.xml" }\nwikis:\n${wikis}\n`,
  );
  assert.equal(config.wikis.size, 1_000);
  assert.ok(performance.now() - startedAt < 5_000);
});

test('the connection to a database is encrypted as its URL and keys say together', async () => {
  using farm = new FarmFolder();
  for (const name of ['ca.pem', 'cert.pem', 'key.pem']) farm.write(name, 'PEM');
  const { config } = await farm.load(`${outputYaml}
wikiDefaults: { siteinfo: s.xml }
wikis:
  plain: { database: mysql://u@h/plain }
  url: { database: 'mysql://u@h/url?tls=verify' }
  blind: { database: 'mysql://u@h/blind?tls=no-verify' }
  keys:
    database: mysql://u@h/keys
    tls: { ca: ca.pem, cert: cert.pem, key: key.pem }
    externalStores: { c1: mysql://u@h/c1, c2: 'mysql://u@h/c2?tls=off', c3: 'mysql://u@h/c3?socket=/s' }
  off: { database: 'mysql://u@h/off?tls=off', tls: { ca: ca.pem } }
`);
  const tlsOf = (wiki: string) => {
    const database = config.wikis.get(wiki)?.database;
    return database?.kind === 'mysql' ? database.tls : undefined;
  };
  const none = { caFile: null, certFile: null, keyFile: null };
  assert.equal(tlsOf('plain'), null);
  assert.deepEqual(tlsOf('url'), { verify: true, ...none });
  assert.deepEqual(tlsOf('blind'), { verify: false, ...none });
  assert.equal(tlsOf('off'), null);
  const own = {
    verify: true,
    caFile: join(farm.path, 'ca.pem'),
    certFile: join(farm.path, 'cert.pem'),
    keyFile: join(farm.path, 'key.pem'),
  };
  assert.deepEqual(tlsOf('keys'), own);
  const stores = [...(config.wikis.get('keys')?.externalStores.values() ?? [])];
  assert.deepEqual(
    stores.map((store) => store.kind === 'mysql' && store.tls),
    [own, null, null],
    "a store without TLS of its own gets the wiki's; a socket has none",
  );
});

test('TLS that cannot be is refused', async () => {
  using farm = new FarmFolder();
  farm.write('cert.pem', 'PEM');
  const faults = await farm.faults(`${outputYaml}
wikiDefaults: { siteinfo: s.xml }
wikis:
  a: { database: 'mysql://u@h/a?tls=maybe' }
  b: { database: mysql://u@h/b, tls: { ca: nothing.pem, cert: cert.pem } }
  c: { database: 'mysql://u@h/c?socket=/s', tls: {} }
  d: { database: sqlite:d.db, tls: {} }
`);
  const text = faults.join('\n');
  assert.match(text, /wikis\.a\.database: .*tls is one of verify, no-verify, off/);
  assert.match(text, /wikis\.b\.tls: cert and key go together/);
  assert.match(text, /wikis\.b\.tls\.ca: this file is not there/);
  assert.match(text, /wikis\.c\.tls: a socket is not encrypted/);
  assert.match(text, /wikis\.d\.tls: tls is for MariaDB and MySQL only/);
});
