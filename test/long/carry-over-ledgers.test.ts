// Ledgers whose entries come from the date before are those of a dump from nothing, whatever happened between.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readState } from '../dump/read-state.ts';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const settings = { ...{ outputs: ['history'], shrinkGuard: 'off', keep: 10 }, carryOver: { recheck: 'off' } };

describe('ledgers of a dump that carries over', () => {
  let folder: TemporaryFolder;
  let anew: SqliteFarm;
  let farm: SqliteFarm;

  before(async () => {
    folder = await temporaryFolder('carry-ledgers');
    anew = await makeSqliteFarm(folder.path, settings, { pages: 60, revisions: 400 });
    farm = await anew.withTrees('carrying', settings);
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  /** Dumps both ways; gives how many pages were taken from the date before. */
  async function dumpBoth(date: string): Promise<number> {
    const fresh = await anew.rota('dump', wikiName, '--date', date, '--no-carry-over');
    assert.equal(fresh.status, 0, fresh.stderr);
    const carrying = await farm.rota('dump', wikiName, '--date', date);
    assert.equal(carrying.status, 0, carrying.stderr);
    const ledger = 'pages-meta-history.ledger.zst';
    assert.ok(
      (await farm.published(date, ledger)) === (await anew.published(date, ledger)),
      'the public ledger',
    );
    const [one, other] = [await readState(farm, date), await readState(anew, date)];
    assert.deepEqual(one.entries, other.entries);
    assert.equal(one.head.prints, other.head.prints);
    assert.equal(await carriedPages(anew, date), 0);
    return await carriedPages(farm, date);
  }

  it('are the same while pages are edited, renamed, hidden, deleted and moved in their text', async () => {
    assert.equal(await dumpBoth('20260101'), 0);
    const pages = farm.value('SELECT COUNT(DISTINCT rev_page) FROM revision');
    assert.equal(await dumpBoth('20260102'), pages, 'nothing has changed');
    const pageAt = (offset: number) =>
      farm.value(
        `SELECT rev_page FROM revision GROUP BY rev_page ORDER BY rev_page LIMIT 1 OFFSET ${offset}`,
      );
    farm.sql("UPDATE page SET page_title = 'Elsewhere' WHERE page_id = ?", pageAt(3));
    farm.sql('UPDATE revision SET rev_deleted = 2 WHERE rev_page = ?', pageAt(5));
    farm.sql('DELETE FROM page WHERE page_id = ?', pageAt(20));
    farm.sql('DELETE FROM revision WHERE rev_page = ?', pageAt(20));
    assert.equal(await dumpBoth('20260103'), pages - 3);
    assert.equal(await dumpBoth('20260104'), pages - 1);
  });

  it('take nothing of a page that was redacted in the date before, when the wiki shows it again', async () => {
    const id = farm.value('SELECT MAX(rev_id) FROM revision WHERE rev_deleted = 0');
    const page = farm.value(`SELECT rev_page FROM revision WHERE rev_id = ${id}`);
    farm.sql('UPDATE revision SET rev_deleted = 1 WHERE rev_id = ?', id);
    for (const one of [farm, anew]) {
      const redacted = await one.rota('dump', 'redact', wikiName, '--rev', String(id), '--yes');
      assert.equal(redacted.status, 0, redacted.stderr);
    }
    const { entries } = await readState(farm, '20260104');
    const print = entries.find(({ pageId }) => pageId === page)?.details?.print;
    assert.deepEqual(print, Buffer.alloc(16));
    farm.sql('UPDATE revision SET rev_deleted = 0 WHERE rev_id = ?', id);
    assert.equal(await dumpBoth('20260105'), entries.length - 1);
    assert.equal(await dumpBoth('20260106'), entries.length);
  });
});

async function carriedPages(farm: SqliteFarm, date: string): Promise<number> {
  const shown = await farm.rota('run', 'show', `full-dump/${wikiName}/${date}`, '--json');
  const { stages } = JSON.parse(shown.stdout.toString()) as {
    readonly stages: readonly {
      readonly name: string;
      readonly summary?: { readonly carriedPages?: number };
    }[];
  };
  return stages.find(({ name }) => name === 'ledger')?.summary?.carriedPages ?? -1;
}
