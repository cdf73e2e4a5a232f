import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { liveADay } from './live-a-day.ts';
import { type CarriedSummary, makeSqliteFarm, type SqliteFarm, wikiName } from './sqlite-farm.ts';

const days = ['20260101', '20260102', '20260103'] as const;
const formats = { articles: 'bz2', current: 'zst', history: ['bz2', 'zst'] };
const outputs = ['stubs', 'articles', 'multistream', 'current', 'history'];

describe('dumps of a wiki that lives for some days', () => {
  let folder: TemporaryFolder;
  let carrying: SqliteFarm;
  let anew: SqliteFarm;
  const summaries: CarriedSummary[] = [];

  before(async () => {
    folder = await temporaryFolder('carry-over');
    const settings = {
      ...{ outputs, compression: formats, shrinkGuard: 'off', keep: 10 },
      ...{ piece: { size: '512KiB' }, bundle: { zst: '40KiB', bz2: '80KiB' } },
      carryOver: { recheck: 'off' },
    };
    carrying = await makeSqliteFarm(folder.path, settings, { pages: 120, revisions: 1500 });
    // Cut otherwise, too: how it is cut must show nowhere.
    anew = await carrying.withTrees('anew', { ...settings, piece: { size: '64MiB' }, bundle: {} });
    for (const [index, day] of days.entries()) {
      if (index > 0) liveADay(carrying, index);
      const dumped = await carrying.rota('dump', wikiName, '--date', day);
      assert.equal(dumped.status, 0, dumped.stderr);
      const fresh = await anew.rota('dump', wikiName, '--date', day, '--no-carry-over');
      assert.equal(fresh.status, 0, fresh.stderr);
      const summary = await carrying.carried(day);
      assert.ok(summary, 'the content stage told what it took over');
      summaries.push(summary);
    }
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  for (const day of days) {
    it(`${day}: every file holds exactly the bytes of one that was made from nothing`, async () => {
      const names = (await readdir(join(folder.path, 'public', wikiName, day))).filter((name) =>
        /\.xml\.(gz|bz2|zst)$/.test(name),
      );
      assert.equal(names.length, 3 + 2 + 1 + 2);
      for (const name of names) {
        const undated = name.slice(`${wikiName}-${day}-`.length);
        const carried = await carrying.published(day, undated);
        assert.ok(carried === (await anew.published(day, undated)), `${undated} is the same`);
      }
    });
  }

  it('takes most of a day from the day before, and few texts from the database', () => {
    const [first, ...later] = summaries.map((summary) => summary.carried);
    assert.equal(first?.copiedBundles, 0);
    for (const carried of later) {
      assert.ok(carried.copiedBundles > 0, 'bundles were copied');
      assert.ok(carried.carriedTexts > 0, 'texts were carried over');
      assert.ok(carried.readTexts < (first?.readTexts ?? 0) / 20, 'few texts were read');
    }
  });
});
