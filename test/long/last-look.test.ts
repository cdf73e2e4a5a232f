import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fullDump } from '../../src/jobs/full-dump/definition.ts';
import type { MadeFile } from '../../src/jobs/full-dump/made-file.ts';
import type { LastLookSummary } from '../../src/jobs/full-dump/stages/last-look-stage.ts';
import { workspaceName } from '../../src/publish/workspace/workspace.ts';
import { DaysFarm } from '../changes/days-farm.ts';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const date = '20260101';

/** The page with the given id as it stands in a dump; '' when it is not there. */
function pageOf(xml: string, id: number): string {
  const at = xml.indexOf(`\n    <id>${id}</id>\n`);
  if (at < 0) return '';
  const start = xml.lastIndexOf('  <page>', at);
  return xml.slice(start, xml.indexOf('  </page>', at));
}

describe('the last look before publication', () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  let hiddenRevision: number;
  let gonePage: number;
  let hiddenLog: number;

  before(async () => {
    folder = await temporaryFolder('last-look');
    farm = await makeSqliteFarm(folder.path);
    // The spool is written, and only then somebody hides a revision, deletes a page and hides a log entry.
    const first = await farm.rota('dump', wikiName, '--date', date, '--only', 'content');
    assert.equal(first.status, 0, first.stderr);
    hiddenRevision = farm.value(
      'SELECT rev_id FROM revision JOIN page ON page_id = rev_page AND page_latest <> rev_id WHERE rev_deleted = 0 LIMIT 1',
    );
    gonePage = farm.value('SELECT page_id FROM page ORDER BY page_id DESC LIMIT 1 OFFSET 3');
    hiddenLog = farm.value("SELECT MIN(log_id) FROM logging WHERE log_deleted = 0 AND log_type = 'delete'");
    farm.sql('UPDATE revision SET rev_deleted = 7 WHERE rev_id = ?', hiddenRevision);
    farm.sql('DELETE FROM page WHERE page_id = ?', gonePage);
    farm.sql('DELETE FROM revision WHERE rev_page = ?', gonePage);
    farm.sql('UPDATE logging SET log_deleted = 7 WHERE log_id = ?', hiddenLog);
    const second = await farm.rota('dump', wikiName, '--date', date);
    assert.equal(second.status, 0, second.stderr);
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  for (const name of ['pages-meta-history.xml.zst', 'stub-meta-history.xml.gz']) {
    it(`takes out of ${name} what was hidden or deleted since the spool`, async () => {
      const xml = await farm.published(date, name);
      assert.ok(pageOf(xml, gonePage) === '', 'the deleted page is not there');
      const start = xml.indexOf(`\n      <id>${hiddenRevision}</id>\n`);
      const revision = xml.slice(start, xml.indexOf('</revision>', start));
      assert.match(revision, /<contributor deleted="deleted" \/>/);
      assert.match(revision, /<comment deleted="deleted" \/>/);
      assert.match(revision, /<text deleted="deleted" \/>/);
      assert.match(xml, /<\/mediawiki>\s*$/);
    });
  }

  it('takes the page out of the latest revisions, too', async () => {
    assert.ok(pageOf(await farm.published(date, 'pages-meta-current.xml.zst'), gonePage) === '');
  });

  it('hides the log entry', async () => {
    const xml = await farm.published(date, 'pages-logging.xml.gz');
    const start = xml.indexOf(`\n    <id>${hiddenLog}</id>\n`);
    assert.match(xml.slice(start, xml.indexOf('</logitem>', start)), /<text deleted="deleted" \/>/);
  });
});

describe('looks that find something one after the other', () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  /** The summary that the last look leaves. */
  let summary: LastLookSummary | undefined;
  let files: readonly MadeFile[] = [];
  const hidden: number[] = [];

  before(async () => {
    folder = await temporaryFolder('looks');
    farm = await makeSqliteFarm(folder.path);
    const old =
      'FROM revision JOIN page ON page_id = rev_page AND page_latest <> rev_id WHERE rev_deleted = 0';
    const hide = (order: string) => {
      const id = farm.value(`SELECT rev_id ${old} ORDER BY page_id ${order} LIMIT 1`);
      const now = new Date().toISOString().replace(/[-:T]/g, '').slice(0, 14);
      farm.sql('UPDATE revision SET rev_deleted = 7 WHERE rev_id = ?', id);
      farm.sql(
        'UPDATE page SET page_touched = ? WHERE page_id = (SELECT rev_page FROM revision WHERE rev_id = ?)',
        now,
        id,
      );
      hidden.push(id);
    };
    await using dumps = await DaysFarm.open(folder.path, wikiName);
    await dumps.work(fullDump, date, (event) => {
      if (!('stage' in event)) return;
      if (event.type === 'stage-ended' && event.stage === 'verify') hide('DESC');
      // The first look has passed the first pages then.
      if (event.type === 'progress' && event.stage === 'last-look' && hidden.length === 1) hide('ASC');
      if (event.type === 'stage-ended' && event.stage === 'last-look') {
        summary = event.summary as LastLookSummary;
        const workspace = join(dumps.farm.trees.public.workRoot, workspaceName(event.run, 1));
        files = JSON.parse(readFileSync(join(workspace, summary.list.path), 'utf8')) as MadeFile[];
      }
    });
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  it('end, with everything that was hidden taken out', async () => {
    assert.equal(hidden.length, 2);
    assert.equal(summary?.looks, 3);
    const xml = await farm.published(date, 'pages-meta-history.xml.zst');
    for (const id of hidden) {
      const start = xml.indexOf(`\n      <id>${id}</id>\n`);
      assert.match(xml.slice(start, xml.indexOf('</revision>', start)), /<text deleted="deleted" \/>/);
    }
  });

  it('make only those files again in which something was hidden', () => {
    const placeOf = (output: string) => {
      const file = files.find((one) => one.output === output);
      return basename(dirname(file?.committedPath ?? ''));
    };
    assert.equal(placeOf('history-zst'), 'look-2');
    // Old revisions are in no other.
    assert.equal(placeOf('current-zst'), 'first');
  });
});
