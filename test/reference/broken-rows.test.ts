// Damaged rows: where MediaWiki's dump lives, Rota writes the same; where it dies, Rota goes on. Both are reported.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { testBed } from '../support/bed.ts';
import { sql } from '../support/database.ts';
import { type Farm, writeFarm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import { runMaintenance, type TestWiki } from '../support/mediawiki/wiki.ts';
import { contentOf, filesBelow, publishedDump, runDump } from '../support/published.ts';
import { requires } from '../support/requirements.ts';
import { type RotaResult, runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { parsePages } from './parse-pages.ts';
import { assertSameBytes } from './same-bytes.ts';

/** Accidents that MediaWiki's dump survives, each with the code under which Rota reports it. */
const survived: Readonly<Record<string, string>> = {
  'text row': 'row-missing',
  'error flag': 'marked-error',
  gzip: 'gzip-invalid',
  'text id zero': 'address-invalid',
  'external address': 'cluster-unknown',
  'bad address': 'known-bad',
  'emptied text': 'sha1-mismatch',
  'wrong hash': 'sha1-mismatch',
  slot: 'slot-missing',
  comment: 'comment-missing',
  actor: 'actor-missing',
  'truncated object': 'object-invalid',
};
/** Accidents that end it. */
const deadly: Readonly<Record<string, string>> = {
  'timestamp zero': 'timestamp-invalid',
  'model id': 'model-unknown',
  model: 'model-unknown',
  object: 'object-unknown',
};
/** Accidents of which MediaWiki prints nonsense: the time of the dump for a revision without one. */
const nonsense: Readonly<Record<string, string>> = { 'timestamp of NULs': 'timestamp-invalid' };
const accidents = { ...survived, ...deadly, ...nonsense };
const exitDoneWithErrors = 3;

describe('a wiki with damaged rows', { skip: requires('mariadb', 'mediawiki') }, () => {
  let wiki: TestWiki;
  let folder: TemporaryFolder;
  let farm: Farm;
  const pageIds = new Map<string, number>();
  before(async () => {
    wiki = await wikiCopy('broken', 'broken_rows');
    folder = await temporaryFolder();
    farm = await writeFarm(folder.path, [wiki], { fullDump: { tolerance: { failedTexts: 1000 } } });
    for (const [id, title] of await sql(
      testBed().mariadb,
      wiki.database,
      'SELECT page_id, page_title FROM page',
    )) {
      pageIds.set((title ?? '').replaceAll('_', ' '), Number(id));
    }
  });
  after(async () => {
    await folder?.[Symbol.asyncDispose]();
    await wiki?.[Symbol.asyncDispose]();
  });

  const range = (accident: string): readonly [number, number] => {
    const id = pageIds.get(`Broken ${accident}`);
    assert.ok(id, `no page Broken ${accident}`);
    return [id, id + 1];
  };
  const exportPage = async (accident: string): Promise<RotaResult> => {
    const [start, end] = range(accident);
    const args = ['export', wiki.database, '--full', '--start', `${start}`, '--end', `${end}`];
    return await runRota([...args, '--profile', 'one-pass', '--as-mediawiki', '-o', '-'], {
      cwd: farm.folder,
    });
  };

  for (const accident of Object.keys(survived)) {
    it(`writes what MediaWiki writes: ${accident}`, async () => {
      const [start, end] = range(accident);
      const args = ['--full', '--quiet', `--start=${start}`, `--end=${end}`];
      const expected = await runMaintenance(wiki, 'dumpBackup', args);
      const actual = await exportPage(accident);
      assertSameBytes(actual.stdout, xmlOf(expected.stdout), accident);
    });
  }

  for (const accident of Object.keys({ ...deadly, ...nonsense })) {
    it(`goes on where MediaWiki's dump does not: ${accident}`, async () => {
      const [start, end] = range(accident);
      const args = ['--full', '--quiet', `--start=${start}`, `--end=${end}`];
      const theirs = await runMaintenance(wiki, 'dumpBackup', args, { mayFail: true });
      if (accident in deadly) assert.notEqual(theirs.status, 0, 'MediaWiki has learned to survive this');
      const ours = await exportPage(accident);
      assert.equal(ours.status, exitDoneWithErrors, ours.stderr);
      const [page] = parsePages(ours.stdout.toString());
      const texts = page?.revisions.map((revision) => revision.text) ?? [];
      assert.equal(texts[0], `sound before ${accident}`);
      assert.equal(texts.at(-1), `sound after ${accident}`);
    });
  }

  it('is exported as far as it is sound, with a list of what is not', async () => {
    const args = ['export', wiki.database, '--full', '-o', '-', '--failed', 'failed.jsonl'];
    const { status, stdout, stderr } = await runRota(args, { cwd: farm.folder });
    assert.equal(status, exitDoneWithErrors, stderr);
    const lines = (await readFile(`${farm.folder}/failed.jsonl`, 'utf8')).trim().split('\n');
    const listed = lines.map((line) => JSON.parse(line)).map(({ page, code }) => `${page} ${code}`);
    const expected = Object.entries(accidents).map(([name, code]) => `${range(name)[0]} ${code}`);
    assert.deepEqual(listed.sort(), expected.sort());
    const pages = new Map(parsePages(stdout.toString()).map((page) => [page.title, page]));
    for (const accident of Object.keys(accidents)) {
      const texts = pages.get(`Broken ${accident}`)?.revisions.map((revision) => revision.text) ?? [];
      assert.equal(texts[0], `sound before ${accident}`);
      assert.equal(texts.at(-1), `sound after ${accident}`);
    }
    assert.equal(pages.get('Sound page')?.revisions[0]?.text, 'the end');
    assert.match(stdout.toString(), /<\/mediawiki>\s*$/);
  });

  it('is dumped within the tolerance: done with errors, with a public list that says no more than it may', async () => {
    const result = await runDump(farm, wiki, '20200601');
    assert.equal(result.status, exitDoneWithErrors, result.stderr.slice(-2000));
    const dump = publishedDump(farm, wiki, '20200601');
    const list = await readFile(dump.file('failed-revisions.json'), 'utf8');
    for (const name of Object.keys(survived)) assert.ok(list.includes(`${range(name)[0]}`), name);
    assert.doesNotMatch(list, /nocluster|text row|DB:\/\//);
    const history = parsePages((await contentOf(dump.file('pages-meta-history.xml.bz2'))).toString());
    assert.equal(history.find((page) => page.title === 'Sound page')?.revisions[0]?.text, 'the end');
  });

  it('is held when there is no tolerance: nothing of the faulty sets is published', async () => {
    await using strictFolder = await temporaryFolder();
    const strict = await writeFarm(strictFolder.path, [wiki]);
    const result = await runDump(strict, wiki, '20200601');
    assert.notEqual(result.status, 0, result.stderr.slice(-2000));
    assert.match(`${result.stderr}${result.stdout}`, /held/);
    const published = await filesBelow(publishedDump(strict, wiki, '20200601').folder);
    assert.deepEqual(
      published.filter((path) => /pages-(articles|meta-\w+)\S*\.(bz2|zst)$/.test(path)),
      [],
    );
  });
});

/** PHP prints its warnings among what a script prints. */
function xmlOf(output: Buffer): Buffer {
  return output.subarray(Math.max(0, output.indexOf('<mediawiki')));
}
