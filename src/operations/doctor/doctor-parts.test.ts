import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FarmFolder, outputYaml } from '../../config/testing/farm-folder.ts';
import { Tree } from '../../publish/workspace/tree.ts';
import { excessGrants } from './check-account.ts';
import { checkClock, checkVersions } from './check-machine.ts';
import { checkPrograms } from './check-programs.ts';
import { checkTrees } from './check-trees.ts';
import { type FindingEntry, findingCatalogue } from './finding-catalogue.ts';

test('an old Node and a clock that stands in the past are faults', () => {
  assert.equal(checkVersions('1', 'v24.1.0')[0]?.level, 'ok');
  assert.equal(checkVersions('1', 'v22.9.0')[0]?.level, 'fault');
  assert.equal(checkClock(new Date('2026-11-22T00:00:00Z')).level, 'ok');
  assert.equal(checkClock(new Date(0)).level, 'fault');
});

test('without a configuration missing programs are no faults', async () => {
  const findings = await checkPrograms(null, '/nonexistent');
  assert.ok(findings.length > 0);
  assert.deepEqual(
    findings.filter((finding) => finding.level !== 'ok'),
    [],
  );
});

test('7-Zip is asked for only where 7z files are made', async () => {
  using farm = new FarmFolder();
  const yaml = (history: string) => `${outputYaml}
wikis: { awiki: { database: "sqlite:a.db", siteinfo: ./s.xml } }
jobs: { full-dump: { compression: { articles: zst, current: zst, history: ${history} } } }
`;
  const faults = async (history: string) => {
    const { config } = await farm.load(yaml(history));
    const findings = await checkPrograms(config, '/nonexistent');
    return findings.filter((finding) => finding.level === 'fault').map((finding) => finding.what);
  };
  assert.deepEqual(await faults('zst'), []);
  assert.deepEqual(await faults('[zst, 7z]'), ['7-Zip is not installed, and 7z files are asked for']);
});

test('trees that lie one in the other, or can be read by all, are found; what is missing is not made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rota-doctor-'));
  try {
    const trees = (pub: string, priv: string) => ({
      public: new Tree({ root: join(folder, pub), work: join(folder, 'work'), audience: 'public' }),
      private: new Tree({ root: join(folder, priv), work: join(folder, 'work'), audience: 'private' }),
    });
    const levels = async (pub: string, priv: string) =>
      (await checkTrees(trees(pub, priv))).map((finding) => finding.level).toSorted();
    assert.deepEqual(await levels('a', 'b'), ['ok', 'ok']);
    assert.ok((await levels('a', 'a/b')).includes('fault'));
    for (const name of ['a', 'b', 'work']) await mkdir(join(folder, name), { mode: 0o700 });
    assert.deepEqual(await levels('a', 'b'), ['ok', 'ok']);
    await chmod(join(folder, 'b'), 0o755);
    assert.deepEqual(await levels('a', 'b'), ['ok', 'ok', 'warning']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('of the grants of an account only what changes something, and may mean this database, is too much', () => {
  const grants = [
    "GRANT USAGE ON *.* TO `rota`@`%` IDENTIFIED BY PASSWORD '*INSERT'",
    'GRANT SELECT, INSERT (page_id, page_title), SHOW VIEW ON `fr\\_wiki`.* TO `rota`@`%`',
    'GRANT DELETE ON `other`.* TO `rota`@`%`',
    'GRANT UPDATE ON `fr%`.`page` TO `rota`@`%`',
    'GRANT REPLICA MONITOR ON *.* TO `rota`@`%`',
    'GRANT `readers` TO `rota`@`%`',
  ];
  assert.deepEqual(excessGrants(grants, 'fr_wiki'), ['INSERT', 'UPDATE']);
  assert.deepEqual(
    excessGrants(['GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION'], 'a'),
    ['ALL PRIVILEGES'],
  );
});

test('what a finding means and how to mend it are sentences', () => {
  for (const [code, { meaning, remedy }] of Object.entries<FindingEntry>(findingCatalogue))
    for (const sentence of [meaning, remedy]) assert.match(sentence, /^\S.*[.?]$/, code);
});
