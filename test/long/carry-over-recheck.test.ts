import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

/** Texts that change behind their SHA-1: nothing in the metadata tells, so only who reads them again finds out. */
describe('texts that rotted in storage since the date before', () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  const revisions: number[] = [];
  const history = 'pages-meta-history.xml.zst';

  before(async () => {
    folder = await temporaryFolder('carry-recheck');
    farm = await makeSqliteFarm(folder.path, {
      ...{ outputs: ['history'], compression: { history: 'zst' }, keep: 20, bundle: { zst: '8KiB' } },
      carryOver: { recheck: '50%' },
    });
    assert.equal((await dump('20260101')).status, 0);
    // Texts of one revision each, far from one another.
    for (const offset of [15, 60, 105, 150, 195]) {
      const text = farm.rows(
        `SELECT MAX(slot_revision_id) AS revision, substr(content_address, 4) AS id FROM slots
          JOIN content ON content_id = slot_content_id WHERE content_size > 0
          GROUP BY content_address HAVING COUNT(*) = 1 ORDER BY content_id LIMIT 1 OFFSET ${offset}`,
      )[0];
      revisions.push(Number(text?.revision));
      farm.sql("UPDATE text SET old_text = 'rotten', old_flags = 'utf-8' WHERE old_id = ?", Number(text?.id));
    }
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  const dump = (date: string, ...args: readonly string[]) =>
    farm.rota('dump', wikiName, '--date', date, ...args);
  const listed = async (date: string) => {
    const list = JSON.parse(await farm.published(date, 'failed-revisions.json')) as {
      readonly failed: readonly { readonly revision: number; readonly kind: string }[];
    };
    assert.ok(list.failed.every(({ kind }) => kind === 'mismatch'));
    return list.failed.map(({ revision }) => revision).toSorted((a, b) => a - b);
  };

  it('are found when it is their turn, half of them at each of two dates, and listed from then on', async () => {
    const found: number[][] = [];
    for (const date of ['20260102', '20260103', '20260104']) {
      const dumped = await dump(date);
      assert.equal(dumped.status, found.length === 0 && dumped.status === 0 ? 0 : 3, dumped.stderr);
      const summary = await farm.carried(date);
      assert.ok(summary && summary.carried.recheckedBundles > 0);
      assert.ok(summary.carried.copiedBundles > 0, 'the others are copied');
      found.push(dumped.status === 0 ? [] : await listed(date));
    }
    const [first = [], second = [], third] = found;
    const all = revisions.toSorted((a, b) => a - b);
    assert.deepEqual(second, all, 'after as many dates as there are shares all are found');
    assert.ok(first.every((revision) => all.includes(revision)));
    assert.deepEqual(third, all, 'and at every date again');
  });

  it('are printed as MediaWiki would print them, as in a dump from nothing', async () => {
    const carried = await farm.published('20260104', history);
    assert.equal((await dump('20260105', '--no-carry-over')).status, 3);
    assert.ok(carried === (await farm.published('20260105', history)));
    assert.deepEqual(
      await listed('20260105'),
      revisions.toSorted((a, b) => a - b),
    );
  });
});
