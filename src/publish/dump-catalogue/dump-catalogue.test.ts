import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpOutputs, findJobDescription, findOutput, jobsOf, setOfJob } from './dump-catalogue.ts';
import type { DumpOutput } from './dump-output.ts';
import { dumpFileName, isNameOf, latestName, undatedName } from './file-name.ts';
import { tableOutput } from './table-outputs.ts';

function output(name: string): DumpOutput {
  const found = findOutput(name);
  assert.ok(found, name);
  return found;
}

test("file names are the field's", () => {
  const name = (o: string, split = {}) => dumpFileName('enwiki', '20261101', output(o), split);
  assert.equal(name('history-bz2'), 'enwiki-20261101-pages-meta-history.xml.bz2');
  assert.equal(
    name('history-bz2', { part: 1, range: { firstPageId: 1, lastPageId: 41242 } }),
    'enwiki-20261101-pages-meta-history1.xml-p1p41242.bz2',
  );
  assert.equal(
    name('articles-multistream-index', { part: 2, range: { firstPageId: 3, lastPageId: 9 } }),
    'enwiki-20261101-pages-articles-multistream-index2.txt-p3p9.bz2',
  );
  assert.equal(name('stub-history', { part: 4 }), 'enwiki-20261101-stub-meta-history4.xml.gz');
  assert.equal(name('table:page'), 'enwiki-20261101-page.sql.gz');
  assert.equal(name('titles-ns0'), 'enwiki-20261101-all-titles-in-ns0.gz');
  assert.equal(name('namespaces-v2'), 'enwiki-20261101-siteinfo2-namespacesv2.json.gz');
});

test('a file is of one output, whole or in parts', () => {
  const names = [
    'pages-articles.xml.bz2',
    'pages-articles12.xml-p5p60.bz2',
    'pages-articles-multistream1.xml-p1p9.bz2',
    'pages-articles-multistream-index1.txt-p1p9.bz2',
    'pages-articles.xml.bz2.index.zst',
    'stub-articles3.xml.gz',
    'pages-meta-history2.xml-p3p4.7z',
  ];
  const outputsOf = (name: string) => dumpOutputs.filter((o) => isNameOf(o, name)).map((o) => o.output);
  assert.deepEqual(names.map(outputsOf), [
    ['articles-bz2'],
    ['articles-bz2'],
    ['articles-multistream'],
    ['articles-multistream-index'],
    ['articles-bz2-index'],
    ['stub-articles'],
    ['history-7z'],
  ]);
  for (const name of ['pages-articlesx.xml.bz2', 'pages-articlesXxml.bz2', 'a-pages-articles.xml.bz2']) {
    assert.deepEqual(outputsOf(name), [], name);
  }
});

test("new extensions stay out of the field's jobs", () => {
  const extensions: Readonly<Record<string, RegExp>> = {
    xmlstubsdump: /\.xml\.gz$/,
    articlesdump: /\.bz2$/,
    articlesmultistreamdump: /\.bz2$/,
    metacurrentdump: /\.bz2$/,
    metahistorybz2dump: /\.bz2$/,
    metahistory7zdump: /\.7z$/,
    xmlpagelogsdump: /\.gz$/,
  };
  for (const [job, extension] of Object.entries(extensions)) {
    const outputs = dumpOutputs.filter((o) => o.job === job);
    assert.ok(outputs.length > 0, job);
    for (const o of outputs) assert.match(o.file, extension);
  }
  for (const o of dumpOutputs.filter((o) => o.file.endsWith('.zst')))
    assert.equal(o.job in extensions, false);
});

test('every output has its own name and file; a job has one description and one set', () => {
  assert.equal(new Set(dumpOutputs.map((o) => o.output)).size, dumpOutputs.length);
  assert.equal(new Set(dumpOutputs.map((o) => o.file)).size, dumpOutputs.length);
  for (const job of jobsOf(dumpOutputs)) {
    for (const o of job.outputs) {
      assert.equal(o.description, job.description, o.output);
      assert.equal(o.set, job.set, o.output);
      assert.equal(o.audience, o.output === 'state' ? 'private' : 'public');
    }
    assert.equal(setOfJob(job.name), job.set);
    assert.equal(findJobDescription(job.name), job.description);
  }
});

test('a table that is not allowed by name is private', () => {
  for (const table of ['user', 'watchlist', 'ipblocks', 'archive', 'logging', 'oldimage', 'anything_new']) {
    assert.equal(tableOutput(table).audience, 'private', table);
  }
  assert.deepEqual(tableOutput('change_tag').job, 'changetagstable');
  assert.deepEqual(tableOutput('site_stats').job, 'sitestatstable');
});

test('names for latest, and names that are refused', () => {
  assert.equal(latestName('aawiki', '20260101', 'aawiki-20260101-page.sql.gz'), 'aawiki-latest-page.sql.gz');
  assert.throws(() => undatedName('aawiki', '20260101', 'bbwiki-20260101-page.sql.gz'), {
    code: 'UNSAFE_FILE_NAME',
  });
  assert.throws(() => dumpFileName('../x', '20260101', output('titles')), { code: 'UNSAFE_FILE_NAME' });
  assert.throws(() => dumpFileName('aawiki', '2026-01-01', output('titles')), { code: 'UNSAFE_FILE_NAME' });
  assert.throws(() => dumpFileName('aawiki', '20260101', { file: 'a/b' }), { code: 'UNSAFE_FILE_NAME' });
});
