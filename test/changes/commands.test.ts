// The commands of changes as a user runs them: order, dates, what is refused, and what is left alone.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const date = '20010105';

describe('rota changes', { skip: requires('bzip2') }, () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  before(async () => {
    folder = await temporaryFolder();
    farm = await makeSqliteFarm(folder.path, { outputs: ['history'] });
    const file = join(folder.path, 'rota.yaml');
    const config = parse(await readFile(file, 'utf8')) as { wikis: Record<string, object> };
    const own = config.wikis[wikiName] ?? {};
    // In this order: one that cannot be read, two that are left out, and the good one.
    config.wikis = {
      badwiki: { ...own, database: 'sqlite:./none.sqlite' },
      closedwiki: { ...own, closed: true },
      hiddenwiki: { ...own, private: true },
      [wikiName]: own,
    };
    await writeFile(file, stringify(config));
  });
  after(async () => {
    await folder?.[Symbol.asyncDispose]();
  });

  const day = (wiki: string, of = date) => join(folder.path, 'public', 'other', 'incr', wiki, of);

  it('goes on with the next wiki when one fails, and leaves out closed and private ones', async () => {
    const { status, stdout } = await farm.rota('changes', 'mark', '--date', date);
    assert.equal(status, 1);
    assert.match(stdout.toString(), /badwiki: DATABASE_MISSING/);
    assert.match(stdout.toString(), new RegExp(`changes-mark/${wikiName}/${date} done`));
    assert.equal(
      await readFile(join(day(wikiName), 'maxrevid.txt'), 'utf8'),
      String(farm.value('SELECT MAX(rev_id) FROM revision')),
    );
    assert.equal(existsSync(day('closedwiki')), false);
    assert.equal(existsSync(day('hiddenwiki')), false);
    const refused = await farm.rota('changes', 'run', 'hiddenwiki', '--date', date);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /CHANGES_LEFT_OUT/);
  });

  it('--from-wiki begins with that wiki; what is done is left alone', async () => {
    const { status, stdout } = await farm.rota('changes', 'mark', '--date', date, '--from-wiki', wikiName);
    assert.equal(status, 4, stdout.toString());
    assert.doesNotMatch(stdout.toString(), /badwiki/);
  });

  it('a day without a mark is not made, and nothing of it is left', async () => {
    const { status, stdout } = await farm.rota('changes', 'run', wikiName, '--date', '20010101');
    assert.equal(status, 4);
    assert.match(stdout.toString(), /CHANGES_NO_MARK/);
    assert.equal(existsSync(day(wikiName, '20010101')), false);
  });

  it('the first day without a full dump is the baseline; a day before a published one is skipped', async () => {
    assert.equal((await farm.rota('changes', 'run', wikiName, '--date', date)).status, 0);
    assert.equal(await readFile(join(day(wikiName), 'status.txt'), 'utf8'), 'baseline');
    assert.equal(existsSync(join(day(wikiName), `${wikiName}-${date}-incrdump.lock`)), false);
    assert.equal((await farm.rota('changes', 'mark', wikiName, '--date', '20010104')).status, 0);
    const { stderr } = await farm.rota('changes', 'run', wikiName, '--date', '20010104');
    assert.match(stderr, /its revisions are in the day 20010105/);
    assert.equal(existsSync(join(day(wikiName, '20010104'), 'status.txt')), false);
  });

  it('the next day leads on from it, and the page above all wikis names it', async () => {
    assert.equal((await farm.rota('changes', 'mark', wikiName, '--date', '20010106')).status, 0);
    assert.equal((await farm.rota('changes', 'run', wikiName, '--date', '20010106')).status, 0);
    assert.equal(await readFile(join(day(wikiName, '20010106'), 'status.txt'), 'utf8'), 'done');
    assert.equal((await farm.rota('changes', 'index')).status, 0);
    const page = await readFile(join(folder.path, 'public', 'other', 'incr', 'index.html'), 'utf8');
    assert.match(page, new RegExp(`${wikiName}/20010106/${wikiName}-20010106-pages-meta-hist-incr.xml.bz2`));
    assert.doesNotMatch(page, /hiddenwiki/);
  });

  it('today’s dump waits for its delay', async () => {
    assert.equal((await farm.rota('changes', 'mark', wikiName)).status, 0);
    const { status, stdout } = await farm.rota('changes', 'run', wikiName);
    assert.equal(status, 4);
    assert.match(stdout.toString(), /CHANGES_DELAY/);
  });

  it('a wiki that turns private is taken out of the public tree, and off the page', async () => {
    const file = join(folder.path, 'rota.yaml');
    const config = parse(await readFile(file, 'utf8')) as { wikis: Record<string, { private?: boolean }> };
    const incr = join(folder.path, 'public', 'other', 'incr');
    assert.equal(existsSync(join(incr, wikiName)), true);
    config.wikis[wikiName] = { ...config.wikis[wikiName], private: true };
    await writeFile(file, stringify(config));
    assert.equal((await farm.rota('monitor', '--once')).status, 0);
    assert.equal(existsSync(join(incr, wikiName)), false);
    assert.doesNotMatch(await readFile(join(incr, 'index.html'), 'utf8'), new RegExp(wikiName));
    // Nothing is left that a later sweep or run would put back.
    assert.equal((await farm.rota('monitor', '--once')).status, 0);
    assert.equal(existsSync(join(incr, wikiName)), false);
  });
});
