import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { findJobDescription } from '../dump-catalogue/dump-catalogue.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { temporaryFolder, treesIn } from '../testing/temporary-folder.ts';
import { checksumFiles } from './checksum-files.ts';
import { dumpRunInfoJson, dumpRunInfoText } from './dump-run-info.ts';
import { dumpSpecialFilesJson, dumpStatusJson, reportJson, tableInfoJson } from './dump-status.ts';
import type { DumpView } from './dump-view.ts';
import { type Manifest, manifestJson } from './manifest.ts';
import { pythonJson } from './python-json.ts';
import { readDumpView } from './read-dump-view.ts';
import { rssFeed } from './rss.ts';
import { statusFragment } from './status-fragment.ts';
import { writeStatusFiles } from './write-status-files.ts';

const web = { webRoot: 'http://localhost/mydumps' };

const view: DumpView = {
  wiki: 'aawiki',
  date: '20260101',
  state: 'done',
  previousDate: null,
  updatedAt: new Date('2026-11-22T05:15:23Z'),
  jobs: [
    {
      name: 'pagetable',
      description: 'Every page.',
      status: 'done',
      updatedAt: new Date('2026-11-22T05:14:27Z'),
      files: [
        {
          name: 'aawiki-20260101-page.sql.gz',
          sizeBytes: 42,
          md5: 'fa77',
          sha1: '992e',
          sha256: 'e3b0',
          state: 'present',
        },
      ],
    },
    {
      name: 'xmlstubsdump',
      description: 'Stubs.',
      status: 'waiting',
      updatedAt: null,
      files: [{ name: 'aawiki-20260101-stub-articles.xml.gz', sizeBytes: null, state: 'missing' }],
    },
    { name: 'metahistory7zdump', description: 'History.', status: 'waiting', updatedAt: null, files: [] },
    {
      name: 'articlesmultistreamdump',
      description: 'Articles.',
      status: 'failed',
      updatedAt: new Date('2026-11-22T05:15:23Z'),
      files: [],
    },
  ],
};

test("dumpstatus.json is the field's, to the byte", () => {
  assert.equal(
    dumpStatusJson(view, web),
    '{"jobs": {"pagetable": {"status": "done", "updated": "2026-11-22 05:14:27", "files": {"aawiki-20260101-page.sql.gz": {"size": 42, "url": "/mydumps/aawiki/20260101/aawiki-20260101-page.sql.gz", "md5": "fa77", "sha1": "992e"}}}, ' +
      '"xmlstubsdump": {"status": "waiting", "updated": "", "files": {"aawiki-20260101-stub-articles.xml.gz": {}}}, ' +
      '"metahistory7zdump": {"status": "waiting", "updated": ""}, ' +
      '"articlesmultistreamdump": {"status": "failed", "updated": "2026-11-22 05:15:23"}}, "version": "0.8"}\n',
  );
});

test('without a web root, addresses begin at the tree', () => {
  assert.match(dumpStatusJson(view), /"url": "\/aawiki\/20260101\/aawiki-20260101-page\.sql\.gz"/);
});

test('dumpruninfo lists jobs backwards: by order in the text, by name in JSON', () => {
  assert.equal(
    dumpRunInfoText(view),
    'name:articlesmultistreamdump; status:failed; updated:2026-11-22 05:15:23\n' +
      'name:metahistory7zdump; status:waiting; updated:\n' +
      'name:xmlstubsdump; status:waiting; updated:\n' +
      'name:pagetable; status:done; updated:2026-11-22 05:14:27\n',
  );
  assert.equal(
    dumpRunInfoJson(view),
    '{"jobs": {"xmlstubsdump": {"status": "waiting", "updated": ""}, "pagetable": {"status": "done", "updated": "2026-11-22 05:14:27"}, ' +
      '"metahistory7zdump": {"status": "waiting", "updated": ""}, "articlesmultistreamdump": {"status": "failed", "updated": "2026-11-22 05:15:23"}}}',
  );
});

test('report.json, dumpspecialfiles.json and tableinfo.json', () => {
  assert.equal(
    reportJson(view, web),
    '{"jobs": {"pagetable": {"files": {"aawiki-20260101-page.sql.gz": {"size": 42, "url": "/mydumps/aawiki/20260101/aawiki-20260101-page.sql.gz"}}}}}',
  );
  assert.equal(
    dumpSpecialFilesJson(
      view,
      [
        { name: 'tableinfo.json', sizeBytes: 35, state: 'present' },
        { name: 'report.json', sizeBytes: null, state: 'missing' },
      ],
      web,
    ),
    '{"files": {"tableinfo.json": {"status": "present", "size": 35, "url": "/mydumps/aawiki/20260101/tableinfo.json"}, "report.json": {"status": "missing"}}, "version": "0.8"}',
  );
  assert.equal(tableInfoJson(['page', 'site_stats', 'redirect']), '["page","site_stats","redirect"]');
});

test('checksum files, in order of completion', () => {
  const later = {
    ...view,
    jobs: [
      {
        name: 'late',
        description: '',
        status: 'done' as const,
        updatedAt: new Date('2026-11-22T06:00:00Z'),
        files: [
          { name: 'aawiki-20260101-late.gz', sizeBytes: 1, md5: 'ab12', state: 'present' as const },
          { name: 'aawiki-20260101-not-yet.gz', sizeBytes: 1, md5: 'ffff', state: 'writing' as const },
        ],
      },
      ...view.jobs,
    ],
  };
  const files = checksumFiles(later);
  assert.equal(
    files.get('aawiki-20260101-md5sums.txt'),
    'fa77  aawiki-20260101-page.sql.gz\nab12  aawiki-20260101-late.gz\n',
  );
  assert.equal(files.get('aawiki-20260101-sha1sums.txt'), '992e  aawiki-20260101-page.sql.gz\n');
  assert.equal(
    files.get('aawiki-20260101-md5sums.json'),
    '{"md5": {"files": {"aawiki-20260101-page.sql.gz": "fa77", "aawiki-20260101-late.gz": "ab12"}}}',
  );
  assert.equal(files.get('md5sums-aawiki-20260101-page.sql.gz.txt'), 'fa77  aawiki-20260101-page.sql.gz\n');
  assert.equal(files.get('aawiki-20260101-sha256sums.txt'), 'e3b0  aawiki-20260101-page.sql.gz\n');
});

test("status.html is one line in the field's words, with what runs below it", () => {
  const failed = view.jobs.map((job) => ({ ...job, status: 'failed' as const }));
  const label = (over: Partial<DumpView>) => statusFragment({ ...view, ...over });
  assert.equal(
    label({}),
    '<li>2026-11-22 05:15:23 <a href="aawiki/20260101">aawiki</a>: <span class=\'done failed\'>Dump complete, 1 item failed</span></li>\n',
  );
  assert.match(label({ jobs: failed }), /<span class='done failed'>Dump complete, 4 items failed<\/span>/);
  assert.match(label({ jobs: [] }), /<span class='done'>Dump complete<\/span>/);
  assert.match(label({ state: 'partial' }), /<span class='partial-dump'>Partial dump<\/span>/);
  assert.match(label({ state: 'aborted' }), /<span class='failed'>dump aborted<\/span>/);
  const running = label({
    state: 'in-progress',
    jobs: view.jobs.map((job) => ({ ...job, status: 'in-progress' as const })),
  });
  assert.match(
    running,
    /: <span class='in-progress'>Dump in progress<\/span><\/li>\n<ul><li class='in-progress'><span class='updates'>/,
  );
});

test('the RSS feed', () => {
  const feed = rssFeed({
    wiki: 'aawiki',
    date: '20260101',
    file: 'aawiki-20260101-page.sql.gz',
    publishedAt: new Date('2026-11-22T05:15:59Z'),
    webRoot: 'http://localhost/mydumps/',
  });
  assert.match(
    feed,
    /<rss version="2\.0"><channel><title>page\.sql\.gz<\/title><link>http:\/\/localhost\/mydumps\/aawiki\/20260101<\/link>/,
  );
  assert.match(
    feed,
    /<description>&lt;a href=&quot;http:\/\/localhost\/mydumps\/aawiki\/20260101\/aawiki-20260101-page\.sql\.gz&quot;&gt;aawiki-20260101-page\.sql\.gz&lt;\/a&gt;<\/description>/,
  );
  assert.match(feed, /<pubDate>Sun, 22 Nov 2026 05:15:59 GMT<\/pubDate><\/item><\/channel><\/rss>\n$/);
});

test('JSON as Python writes it reads back as it was, in ASCII', () => {
  assert.equal(
    pythonJson({ a: ['é', 1, null, true], '😀': {} }),
    '{"a": ["\\u00e9", 1, null, true], "\\ud83d\\ude00": {}}',
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = pythonJson(value as Parameters<typeof pythonJson>[0]);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.match(text, /^[\x20-\x7e]*$/);
    }),
  );
});

test('the manifest is stable text', () => {
  const manifest: Manifest = {
    format: 'rota-manifest',
    version: 1,
    wiki: 'aawiki',
    date: '20260101',
    previousDate: null,
    writtenAt: new Date('2026-11-22T05:15:59Z'),
    versions: { rota: '0.1.0', writer: '1', exportSchema: '0.11' },
    snapshot: null,
    readAt: { logs: new Date('2026-11-22T05:00:00Z') },
    sets: {},
    tombstones: [],
  };
  assert.match(manifestJson(manifest), /"readAt": \{\n {4}"logs": "2026-11-22T05:00:00\.000Z"\n/);
});

test('status files are written where they changed, and the folder lists what it has', async () => {
  await using folder = await temporaryFolder();
  const { public: tree } = await treesIn(folder.path);
  const options = { ...web, tables: ['page'] };
  const first = await writeStatusFiles(tree, view, options);
  assert.ok(first.includes('index.html') && first.at(-1) === 'status.html');
  const where = tree.dateFolder('aawiki', '20260101');
  assert.deepEqual((await readdir(where)).toSorted(), first.toSorted());
  assert.deepEqual(await writeStatusFiles(tree, view, options), []);
  await writeFile(join(where, 'manifest.json'), '{}');
  assert.deepEqual(await writeStatusFiles(tree, view, options), ['dumpspecialfiles.json', 'index.html']);
  assert.match(
    await readFile(join(where, 'dumpspecialfiles.json'), 'utf8'),
    /"manifest\.json": \{"status": "present", "size": 2,/,
  );
});

test('what status files were made from is read back from them: written again, nothing changes', async () => {
  await using folder = await temporaryFolder();
  const { public: tree } = await treesIn(folder.path);
  const made: DumpView = {
    ...view,
    jobs: view.jobs.map((job) => ({ ...job, description: findJobDescription(job.name) ?? '' })),
  };
  const tables = ['page'];
  await writeStatusFiles(tree, made, { ...web, tables });
  const digests = new Map(
    made.jobs.flatMap(({ files }) =>
      files.flatMap(({ name, sizeBytes, md5, sha1, sha256 }) =>
        sizeBytes === null
          ? []
          : [[name, { sizeBytes, md5: `${md5}`, sha1: `${sha1}`, sha256: `${sha256}` }]],
      ),
    ) as readonly (readonly [string, FileDigest])[],
  );
  const at = { wiki: made.wiki, date: made.date, now: made.updatedAt };
  const stored = await readDumpView(tree, at, digests);
  assert.ok(stored !== null);
  assert.deepEqual(stored.tables, tables);
  assert.deepEqual(await writeStatusFiles(tree, stored.view, { ...web, tables }), []);
  assert.equal(await readDumpView(tree, { ...at, date: '20260102' }, digests), null);
});
