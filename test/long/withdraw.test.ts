import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeSqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const latest = 'latest';

test('a withdrawn date leaves the tree with its links, and nothing brings it back; another dump may take its place', async () => {
  await using folder = await temporaryFolder('withdraw-date');
  const farm = await makeSqliteFarm(folder.path, { outputs: ['titles'], keep: 5 });
  for (const date of ['20260101', '20260102']) {
    const dumped = await farm.rota('dump', wikiName, '--date', date);
    assert.equal(dumped.status, 0, dumped.stderr);
  }
  const wikiFolder = dirname(dirname(farm.path('20260102', 'all-titles.gz')));
  assert.ok((await readdir(join(wikiFolder, latest))).some((name) => name.includes('all-titles')));

  const unsure = await farm.rota('dump', 'withdraw', wikiName, '20260102');
  assert.equal(unsure.status, 2, unsure.stderr);
  assert.match(unsure.stderr, /Nobody can be asked here: give --yes/);
  const would = await farm.rota('dump', 'withdraw', wikiName, '20260102', '--dry-run');
  assert.match(would.stdout.toString(), /smallwiki 20260102 would be taken back/);
  assert.ok(existsSync(farm.path('20260102', 'all-titles.gz')));

  const withdrawn = await farm.rota('dump', 'withdraw', wikiName, '20260102', '--yes');
  assert.equal(withdrawn.status, 0, withdrawn.stderr);
  assert.match(withdrawn.stdout.toString(), /smallwiki 20260102 is taken back/);
  const isTakenBack = async () => {
    assert.equal(existsSync(farm.path('20260102', 'all-titles.gz')), false);
    const names = await readdir(join(wikiFolder, '20260102'));
    assert.deepEqual(
      names.filter((name) => name.endsWith('.gz')),
      [],
    );
    const manifest = JSON.parse(await readFile(join(wikiFolder, '20260102', 'manifest.json'), 'utf8'));
    assert.deepEqual(manifest.sets, {});
    assert.deepEqual(
      manifest.tombstones.map(({ what }: { readonly what: string }) => what),
      ['withdrawn'],
    );
    const page = await readFile(join(wikiFolder, '20260102', 'index.html'), 'utf8');
    assert.match(page, /Dump withdrawn/);
    const dumpStatus = await readFile(join(wikiFolder, '20260102', 'dumpstatus.json'), 'utf8');
    assert.equal(dumpStatus, '{"jobs": {}, "version": "0.8"}\n');
    assert.ok(existsSync(farm.path('20260101', 'all-titles.gz')), 'the other date stays');
    for (const name of await readdir(join(wikiFolder, latest))) {
      // A link to nothing does not exist when it is followed.
      assert.ok(existsSync(join(wikiFolder, latest, name)), `${name} leads somewhere`);
    }
  };
  await isTakenBack();
  const isLatest = async (date: string) => {
    assert.equal(
      await readlink(join(wikiFolder, latest, `${wikiName}-latest-all-titles.gz`)),
      `../${date}/${wikiName}-${date}-all-titles.gz`,
    );
    const sums = await readFile(join(wikiFolder, latest, `${wikiName}-latest-sha256sums.txt`), 'utf8');
    assert.match(sums, new RegExp(`-${date}-all-titles\\.gz`));
    assert.ok(!sums.includes('-20260103-') && (date === '20260102' || !sums.includes('-20260102-')), sums);
  };
  await isLatest('20260101');
  assert.equal((await farm.rota('monitor', '--once')).status, 0);
  await isTakenBack();
  await isLatest('20260101');
  const again = await farm.rota('dump', 'withdraw', wikiName, '20260102', '--yes');
  assert.equal(again.status, 4, again.stderr);

  const anew = await farm.rota('dump', wikiName, '--date', '20260102', '--force');
  assert.equal(anew.status, 0, anew.stderr);
  assert.ok(existsSync(farm.path('20260102', 'all-titles.gz')));
  const made = JSON.parse(await readFile(join(wikiFolder, '20260102', 'manifest.json'), 'utf8'));
  assert.equal(made.sets.lists.state, 'published');
  assert.equal(made.tombstones[0].what, 'withdrawn', 'the new manifest tells of it');
  await isLatest('20260102');

  const all = await farm.rota('dump', 'withdraw', wikiName, '--yes');
  assert.equal(all.status, 0, all.stderr);
  for (const date of ['20260101', '20260102'])
    assert.equal(existsSync(farm.path(date, 'all-titles.gz')), false);
  assert.equal((await farm.rota('dump', 'withdraw', wikiName, '--yes')).status, 4);
  assert.deepEqual(await readdir(join(wikiFolder, latest)), [], 'nothing is listed that is gone');

  const earlier = await farm.rota('dump', wikiName, '--date', '20260101', '--force');
  assert.equal(earlier.status, 0, earlier.stderr);
  await isLatest('20260101');
});
