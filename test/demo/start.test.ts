// What `npm start` runs: a day of the demonstration farm, dumped and published, and another at the next start.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { privateMarker } from '../../src/demo/wiki/marker.ts';
import { filesBelow } from '../support/published.ts';
import { requires } from '../support/requirements.ts';
import { type RotaResult, runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { datesOf, plainContent, wikiNames } from './demo-farm.ts';

describe('rota demo', () => {
  let folder: TemporaryFolder;
  let first: RotaResult;
  let second: RotaResult;
  let farm: string;
  const dates = new Map<string, readonly string[]>();
  before(async () => {
    folder = await temporaryFolder('demo');
    farm = folder.in('.rota-demo');
    first = await runRota(['demo', '--no-serve'], { cwd: folder.path });
    for (const wiki of wikiNames) dates.set(wiki, await datesOf(farm, wiki));
    second = await runRota(['demo'], { cwd: folder.path });
  });
  after(() => folder?.[Symbol.asyncDispose]());

  it('dumps every wiki, and says where the result is and what to do next', () => {
    assert.equal(first.status, 0, first.stderr);
    const text = first.stdout.toString();
    for (const wiki of wikiNames) assert.match(text, new RegExp(`full-dump/${wiki}/\\d{8} done: \\d+ files`));
    assert.match(text, /Open \.rota-demo\/public\/index\.html in a browser/);
    assert.match(text, /export \w+ --current --config \.rota-demo\/rota\.yaml/);
    assert.ok([...dates.values()].every((found) => found.length === 1));
  });

  it('lets a day pass at the next start and adds its date', async () => {
    assert.equal(second.status, 0, second.stderr);
    for (const wiki of wikiNames) {
      assert.match(second.stderr, new RegExp(`a day passes on ${wiki}`));
      const [before, next, ...more] = await datesOf(farm, wiki);
      assert.deepEqual([before], dates.get(wiki));
      assert.ok(before !== undefined && next !== undefined && before < next, `${before}, ${next}`);
      assert.deepEqual(more, []);
      const [old, recent] = await Promise.all([before, next].map((date) => history(farm, wiki, date)));
      assert.notDeepEqual(old, recent, 'both dates have the same texts');
      const page = await readFile(join(farm, 'public', wiki, 'index.html'), 'utf8');
      assert.ok(page.includes(before) && page.includes(next));
    }
    const index = await readFile(join(farm, 'public', 'index.html'), 'utf8');
    for (const wiki of wikiNames) assert.ok(index.includes(wiki), `${wiki} is not listed`);
  });

  it('dumps what changed on each wiki from one day to the next', async () => {
    for (const wiki of wikiNames) {
      const days = join(farm, 'public/other/incr', wiki);
      const [before = '', date = ''] = await datesOf(farm, wiki);
      assert.deepEqual((await readdir(days)).sort(), [before, date]);
      const upTo = await Promise.all(
        [before, date].map(async (day) => Number(await readFile(join(days, day, 'maxrevid.txt'), 'utf8'))),
      );
      const stubs = join(days, date, `${wiki}-${date}-stubs-meta-hist-incr.xml.gz`);
      const xml = (await plainContent(stubs)).toString();
      const ids = [...xml.matchAll(/<revision>\s*<id>(\d+)</g)].map(([, id]) => Number(id));
      assert.ok(ids.length > 0 && ids.every((id) => id > (upTo[0] ?? 0) && id <= (upTo[1] ?? 0)));
    }
    const index = await readFile(join(farm, 'public/other/incr/index.html'), 'utf8');
    for (const wiki of wikiNames) assert.ok(index.includes(wiki), `${wiki} is not listed`);
  });

  it('deploys the code of the day to three targets', { skip: requires('git') }, async () => {
    const served = await Promise.all(
      ['one', 'two', 'three'].map((host) =>
        readFile(join(farm, 'targets', host, 'srv/wiki/includes/Release.php'), 'utf8'),
      ),
    );
    const newest = [...wikiNames].map(async (wiki) => (await datesOf(farm, wiki)).at(-1) ?? '');
    const day = (await Promise.all(newest)).sort().at(-1);
    assert.deepEqual(new Set(served), new Set([`<?php\nconst WIKI_RELEASE = '${day}';\n`]));
    assert.match(first.stderr, /the code is on 3 targets/);
  });

  for (const algorithm of ['md5', 'sha1', 'sha256']) {
    it(`publishes files that agree with their ${algorithm} sums`, async () => {
      let checked = 0;
      for (const wiki of wikiNames) {
        for (const date of await datesOf(farm, wiki)) {
          const place = join(farm, 'public', wiki, date);
          const sums = await readFile(join(place, `${wiki}-${date}-${algorithm}sums.txt`), 'utf8');
          for (const line of sums.trimEnd().split('\n')) {
            const [sum, name = ''] = line.split(/ [ *]/);
            const bytes = await readFile(join(place, name));
            assert.equal(createHash(algorithm).update(bytes).digest('hex'), sum, name);
            checked += 1;
          }
        }
      }
      assert.ok(checked > 100, `only ${checked} files have sums`);
    });
  }

  it('publishes nothing of what the wikis mark as private', async () => {
    const paths = await filesBelow(join(farm, 'public'));
    assert.ok(paths.length > 200, `only ${paths.length} files`);
    const showing: string[] = [];
    for (const path of paths) if ((await plainContent(path)).includes(privateMarker)) showing.push(path);
    assert.deepEqual(showing, []);
    const database = await readFile(join(farm, 'gardenwiki.sqlite'));
    assert.ok(database.includes(privateMarker), 'the wiki has nothing to hide');
  });

  it('leaves no unfinished work behind', async () => {
    assert.deepEqual((await readdir(folder.path)).toSorted(), ['.rota-demo']);
  });
});

async function history(farm: string, wiki: string, date: string): Promise<Buffer> {
  return await plainContent(join(farm, 'public', wiki, date, `${wiki}-${date}-pages-meta-history.xml.zst`));
}
