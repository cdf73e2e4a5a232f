import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DumpView } from '../status/dump-view.ts';
import { writeStatusFiles } from '../status/write-status-files.ts';
import { temporaryFolder, treesIn } from '../testing/temporary-folder.ts';
import { renderIndexPages, writeIndexPages } from './index-pages.ts';
import { parseStatusFragment, readPublishedDates } from './published-dates.ts';

function view(wiki: string, date: string, hour: string, state: DumpView['state'] = 'done'): DumpView {
  const updatedAt = new Date(`2026-11-22T${hour}:00:00Z`);
  const status = state === 'in-progress' ? 'in-progress' : 'done';
  const jobs = [{ name: 'articlesdump', description: 'x', status, updatedAt, files: [] } as const];
  return { wiki, date, state, jobs, previousDate: null, updatedAt };
}

test('the index pages are made from what the dates say of themselves, without private wikis', async () => {
  await using folder = await temporaryFolder();
  const { public: tree, private: hidden } = await treesIn(folder.path);
  await writeStatusFiles(tree, view('aawiki', '20260101', '01'));
  await writeStatusFiles(tree, view('aawiki', '20260201', '04'));
  await writeStatusFiles(tree, view('zzwiki', '20260201', '05', 'in-progress'));
  await writeStatusFiles(hidden, view('secretwiki', '20260201', '06'));
  const files = await renderIndexPages(tree, { publicWikis: ['zzwiki', 'aawiki', 'newwiki'] });
  const newest = files.get('backup-index.html') ?? '';
  assert.match(
    newest,
    /<li>2026-11-22 04:00:00 <a href="aawiki\/20260201">aawiki<\/a>: <span class='done'>Dump complete<\/span><\/li>/,
  );
  assert.ok(newest.indexOf('>zzwiki<') < newest.indexOf('>aawiki<'), 'newest first');
  assert.match(newest, /<span class='title'>Content pages, templates/, 'what runs is described');
  const byName = files.get('backup-index-bydb.html') ?? '';
  assert.ok(byName.indexOf('>aawiki<') < byName.indexOf('>zzwiki<'), 'by name');
  assert.match(byName, /newwiki: <span class='missing-dump'>has not yet been dumped/);
  const index = files.get('index.json') ?? '';
  assert.match(
    index,
    /^\{"wikis": \{"aawiki": \{"jobs": \{"articlesdump": \{"status": "done", "updated": "2026-11-22 04:00:00"\}\}, "version": "0\.8"\}, "newwiki": \{\}, "zzwiki": /,
  );
  const wiki = files.get('aawiki/index.html') ?? '';
  assert.ok(
    wiki.indexOf('"20260201/index.html"') < wiki.indexOf('"20260101/index.html"'),
    'newest date first',
  );
  for (const [name, body] of files) assert.equal(body.includes('secretwiki'), false, name);
});

test('only pages that changed are written', async () => {
  await using folder = await temporaryFolder();
  const { public: tree } = await treesIn(folder.path);
  await writeStatusFiles(tree, view('aawiki', '20260101', '01'));
  const options = { publicWikis: ['aawiki'] };
  assert.equal((await writeIndexPages(tree, options)).length, 5);
  assert.deepEqual(await writeIndexPages(tree, options), []);
});

test('a date without status, a hostile one and a foreign file are no obstacle', async () => {
  await using folder = await temporaryFolder();
  const { public: tree } = await treesIn(folder.path);
  const dates = ['20260101', '20260201'];
  for (const date of dates) await mkdir(tree.dateFolder('aawiki', date), { recursive: true });
  await mkdir(join(tree.wikiFolder('aawiki'), '.trash-20250101-ff'));
  await mkdir(tree.latestFolder('aawiki'));
  await writeFile(
    join(tree.dateFolder('aawiki', '20260201'), 'status.html'),
    '<li><script>alert(1)</script></li>',
  );
  await writeFile(join(tree.dateFolder('aawiki', '20260201'), 'dumpstatus.json'), '{"jobs": {"x"');
  assert.deepEqual(await readPublishedDates(tree, 'aawiki'), [
    { date: '20260201', status: null, dumpStatus: {} },
    { date: '20260101', status: null, dumpStatus: {} },
  ]);
  assert.deepEqual(await readPublishedDates(tree, 'nowiki'), []);
  const page = (await renderIndexPages(tree, { publicWikis: ['aawiki'] })).get('backup-index.html') ?? '';
  assert.match(page, /missing status record/);
  assert.equal(page.includes('<script'), false);
});

test("the field's own fragments are read", () => {
  assert.deepEqual(
    parseStatusFragment(
      '<li>2026-11-22 05:15:23 <a href="aawiki/20260101">aawiki</a>: <span class=\'done failed\'>Dump complete, 9 items failed</span></li>\n',
    ),
    {
      updated: '2026-11-22 05:15:23',
      label: { className: 'done failed', text: 'Dump complete, 9 items failed' },
    },
  );
  assert.ok(
    parseStatusFragment(
      '<li>2026-11-22 05:15:23 <a href="a/1">a</a>: <span class="failed">dump aborted</span></li>',
    ),
  );
});
