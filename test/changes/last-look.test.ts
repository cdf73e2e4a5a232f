// What is hidden or deleted between a day's snapshot and its publication is not published.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { RunEvent } from '../../src/control/run-event.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { assertSameBytes } from '../reference/same-bytes.ts';
import { contentOf } from '../support/published.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { DaysFarm, liveOneDay } from './days-farm.ts';

const [fullDate, date] = ['20010101', '20010102'];

describe('the last look of a day', { skip: requires('bzip2') }, () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  let days: DaysFarm;
  let hidden: number;
  let gonePage: number;

  before(async () => {
    folder = await temporaryFolder();
    farm = await makeSqliteFarm(folder.path, { outputs: ['history'] });
    days = await DaysFarm.open(folder.path, wikiName);
    await days.dump(fullDate);
    const before = farm.value('SELECT MAX(rev_id) FROM revision');
    await liveOneDay(join(folder.path, `${wikiName}.sqlite`));
    await days.mark(date);
    const fresh = `FROM revision JOIN page ON page_id = rev_page WHERE rev_id > ${before} AND rev_deleted = 0`;
    hidden = farm.value(`SELECT MIN(rev_id) ${fresh}`);
    gonePage = farm.value(`SELECT MAX(rev_page) ${fresh} AND rev_id <> ${hidden}`);
    const looks: string[] = [];
    await days.changes(date, (event) => {
      if (event.type !== 'stage-ended' || event.stage !== 'content') return;
      looks.push(event.stage);
      farm.sql('UPDATE revision SET rev_deleted = 7 WHERE rev_id = ?', hidden);
      farm.sql('DELETE FROM page WHERE page_id = ?', gonePage);
      farm.sql('DELETE FROM revision WHERE rev_page = ?', gonePage);
    });
    assert.equal(looks.length, 1, 'it was hidden after the files had been made');
  });
  after(async () => {
    await days?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  const read = async (name: string) =>
    (await contentOf(join(days.day(date), `${wikiName}-${date}-${name}`))).toString();

  /** The days, applied to the full dump, give the wiki as it is now. */
  const assertExact = async (...dates: readonly string[]) => {
    const full = join(
      folder.path,
      'public',
      wikiName,
      fullDate,
      `${wikiName}-${fullDate}-pages-meta-history.xml.zst`,
    );
    const output = folder.in('new.xml');
    const applied = await farm.rota(
      'changes',
      'apply',
      full,
      ...dates.map((one) => days.day(one)),
      '-o',
      output,
    );
    assert.equal(applied.status, 0, applied.stdout.toString() + applied.stderr);
    const exported = await farm.rota('export', wikiName, '--full', '--profile', 'text-pass');
    assertSameBytes(await readFile(output), exported.stdout, 'the dump that was brought up to date');
  };

  for (const name of ['stubs-meta-hist-incr.xml.gz', 'pages-meta-hist-incr.xml.bz2']) {
    it(`leaves out of ${name} what was hidden or deleted meanwhile`, async () => {
      const xml = await read(name);
      const start = xml.indexOf(`\n      <id>${hidden}</id>\n`);
      assert.ok(start > 0);
      const revision = xml.slice(start, xml.indexOf('</revision>', start));
      assert.match(revision, /<contributor deleted="deleted" \/>/);
      assert.match(revision, /<text [^>]*deleted="deleted"/);
      assert.doesNotMatch(xml, new RegExp(`\n    <id>${gonePage}</id>\n`));
    });
  }

  it('publishes a day that is exact all the same', async () => {
    assert.equal(await readFile(join(days.day(date), 'status.txt'), 'utf8'), 'done');
    await assertExact(date);
  });

  it('reads only what was touched when something is hidden look after look', async () => {
    const next = '20010103';
    const before = farm.value('SELECT MAX(rev_id) FROM revision');
    // What is left of the page that was deleted above: ids are given again.
    for (const [table, column] of Object.entries({
      slots: 'slot_revision_id',
      revision_comment_temp: 'revcomment_rev',
    })) {
      farm.sql(`DELETE FROM ${table} WHERE ${column} NOT IN (SELECT rev_id FROM revision)`);
    }
    await liveOneDay(join(folder.path, `${wikiName}.sqlite`));
    await days.mark(next);
    const shown = `FROM revision WHERE rev_id > ${before} AND rev_deleted = 0 AND rev_page IN (SELECT page_id FROM page)`;
    const hideOne = () => {
      const id = farm.value(`SELECT MIN(rev_id) ${shown}`);
      const now = Number(new Date().toISOString().replace(/[-:T]/g, '').slice(0, 14));
      farm.sql('UPDATE revision SET rev_deleted = 1 WHERE rev_id = ?', id);
      farm.sql(
        'UPDATE page SET page_touched = ? WHERE page_id = (SELECT rev_page FROM revision WHERE rev_id = ?)',
        ...[String(now), id],
      );
    };
    // The first reading, the whole one after the first look, and two that follow hints.
    let snapshots = 0;
    const log: Log = {
      ...silentLog,
      info: (_facts, message) => {
        if (message === 'the day is read from this snapshot' && ++snapshots <= 3) hideOne();
      },
    };
    const looked: unknown[] = [];
    const note = (event: RunEvent) => {
      if (event.type === 'stage-ended' && event.stage === 'last-look') looked.push(event.summary);
    };
    await days.changes(next, note, log);
    const [summary] = looked as { looks: number; state: { compared: { pages: number; read: number } } }[];
    assert.equal(summary?.looks, 4);
    assert.equal(snapshots, 4);
    const { pages, read } = summary.state.compared;
    assert.ok(read > 0 && read < pages, `${read} of ${pages} pages`);
    await assertExact(date, next);
  });
});
