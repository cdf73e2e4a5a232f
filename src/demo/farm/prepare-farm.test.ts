import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadConfig } from '../../config/load-config.ts';
import { type FarmWiki, farmWikis } from './farm-wikis.ts';
import { prepareFarm } from './prepare-farm.ts';

const folder = await mkdtemp(join(tmpdir(), 'rota-farm-'));
after(() => rm(folder, { recursive: true, force: true }));

/** The usual wikis, smaller. */
const wikis: readonly FarmWiki[] = farmWikis.map((wiki) => ({
  ...wiki,
  options: { ...wiki.options, pages: 60, revisions: 150, meanBytes: 800 },
}));

test('makes a farm whose configuration Rota accepts, and finds it again', async () => {
  const target = join(folder, 'farm');
  const made = await prepareFarm(target, { wikis });
  assert.equal(made.reused, false);
  assert.deepEqual(
    made.wikis.map(({ name, pages, revisions }) => [name, pages, revisions]),
    [
      ['gardenwiki', 60, 150],
      ['jardinwiki', 60, 150],
    ],
  );
  assert.ok(made.wikis.every((wiki) => wiki.edits > 0 && wiki.moved > 0 && wiki.deleted > 0));
  const { config, warnings } = await loadConfig(made.configFile, { env: {}, cwd: target });
  assert.deepEqual(warnings, []);
  assert.ok(config);

  const before = await stat(join(target, 'gardenwiki.sqlite'));
  const again = await prepareFarm(target, { wikis });
  assert.equal(again.reused, true);
  assert.deepEqual(again.wikis, made.wikis);
  assert.equal((await stat(join(target, 'gardenwiki.sqlite'))).mtimeMs, before.mtimeMs);
  const answer = JSON.parse(await readFile(join(target, 'gardenwiki-siteinfo.json'), 'utf8'));
  assert.equal(answer.query.namespaces['4'].name, 'Garden & Orchard');
  assert.match(
    await readFile(join(target, 'jardinwiki-siteinfo.xml'), 'utf8'),
    /<namespace key="10" case="first-letter">Modèle</,
  );
});

test('leaves a folder alone that holds something else', async () => {
  await writeFile(join(folder, 'mine.txt'), 'mine');
  await assert.rejects(prepareFarm(folder, { wikis }), { code: 'USAGE' });
  assert.equal(await readFile(join(folder, 'mine.txt'), 'utf8'), 'mine');
});

test('is made once by two at once, and what a killed one left goes', async () => {
  const target = join(folder, 'both');
  const left = `${target}.new-999999999-abcd`;
  await mkdir(left);
  const made = await Promise.all([prepareFarm(target, { wikis }), prepareFarm(target, { wikis })]);
  assert.deepEqual(made.map(({ reused }) => reused).toSorted(), [false, true]);
  assert.deepEqual(made[0]?.wikis, made[1]?.wikis);
  const names = await readdir(folder);
  assert.deepEqual(
    names.filter((name) => name.startsWith('both')),
    ['both'],
  );
});
