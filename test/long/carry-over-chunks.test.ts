// Chunks of the spool of which everything is copied are passed over: in the middle of a piece, with stubs and without.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const days = ['20260101', '20260102', '20260103', '20260104'] as const;
const shapes = [
  { name: 'history alone', outputs: ['history'] },
  { name: 'stubs and all texts', outputs: ['stubs', 'articles', 'current', 'history'] },
] as const;

describe('a dump of which most has not changed', () => {
  let folder: TemporaryFolder;
  let anew: SqliteFarm;
  const carrying = new Map<string, SqliteFarm>();

  before(async () => {
    folder = await temporaryFolder('carry-chunks');
    const settings = (outputs: readonly string[]) => ({
      ...{ outputs, shrinkGuard: 'off', keep: 10, piece: { size: '64MiB' }, bundle: { zst: '128KiB' } },
      carryOver: { recheck: 'off' },
    });
    // Some 2,000 revisions are a chunk; all of them are one piece.
    anew = await makeSqliteFarm(folder.path, settings(shapes[1].outputs), { pages: 500, revisions: 9000 });
    for (const { name, outputs } of shapes) {
      carrying.set(name, await anew.withTrees(name.replaceAll(' ', '-'), settings(outputs)));
    }
    for (const [index, day] of days.entries()) {
      hideOne(anew, index);
      const fresh = await anew.rota('dump', wikiName, '--date', day, '--no-carry-over');
      assert.equal(fresh.status, 0, fresh.stderr);
      for (const farm of carrying.values()) {
        const dumped = await farm.rota('dump', wikiName, '--date', day);
        assert.equal(dumped.status, 0, dumped.stderr);
      }
    }
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  for (const { name } of shapes) {
    it(`${name}: holds what one from nothing holds`, async () => {
      const farm = carrying.get(name) ?? anew;
      for (const day of days) {
        const made = await readdir(join(farm.folder, 'public', wikiName, day));
        const names = made.filter((one) => /\.(xml\.(gz|zst)|ledger\.zst)$/.test(one));
        assert.ok(names.length >= 2, made.join());
        for (const one of names) {
          const undated = one.slice(`${wikiName}-${day}-`.length);
          const carried = await farm.published(day, undated);
          assert.ok(carried === (await anew.published(day, undated)), `${undated} of ${day} is the same`);
        }
        const summary = await farm.carried(day);
        if (day === days[0]) continue;
        assert.ok((summary?.carried.copiedBundles ?? 0) > 50, 'most is copied');
        assert.equal(summary?.carried.readTexts, 0);
      }
    });
  }
});

/** On the second day the text of a revision at the beginning, on the third of one in the middle; then nothing. */
function hideOne(wiki: SqliteFarm, day: number): void {
  const order = 'SELECT rev_id FROM revision ORDER BY rev_page, rev_id LIMIT 1 OFFSET';
  const offset = [null, 3, 4500][day];
  if (typeof offset !== 'number') return;
  wiki.sql('UPDATE revision SET rev_deleted = 1 WHERE rev_id = ?', wiki.value(`${order} ${offset}`));
}
