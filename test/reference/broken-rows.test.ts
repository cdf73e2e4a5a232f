// Damaged rows: where MediaWiki's dump lives, Rota writes the same; where it dies, Rota goes on. Both are reported.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { testBed } from '../support/bed.ts';
import { sql } from '../support/database.ts';
import { type Farm, writeFarm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import { runMaintenance, type TestWiki } from '../support/mediawiki/wiki.ts';
import { requires } from '../support/requirements.ts';
import { type RotaResult, runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { parsePages } from './parse-pages.ts';
import { assertSameBytes } from './same-bytes.ts';

/** Accidents that MediaWiki's dump survives. */
const survived = [
  'text row',
  'error flag',
  'gzip',
  'text id zero',
  'external address',
  'bad address',
  'emptied text',
  'wrong hash',
  'slot',
  'comment',
  'actor',
  'truncated object',
];
/** Accidents of which MediaWiki prints nonsense: the time of the dump for a revision without one. */
const nonsense = ['timestamp of NULs'];
/** Accidents that end it. */
const deadly = ['timestamp zero', 'model id', 'model', 'object'];
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

  for (const accident of survived) {
    it(`writes what MediaWiki writes: ${accident}`, async () => {
      const [start, end] = range(accident);
      const args = ['--full', '--quiet', `--start=${start}`, `--end=${end}`];
      const expected = await runMaintenance(wiki, 'dumpBackup', args);
      const actual = await exportPage(accident);
      assertSameBytes(actual.stdout, xmlOf(expected.stdout), accident);
    });
  }

  for (const accident of [...deadly, ...nonsense]) {
    it(`goes on where MediaWiki's dump does not: ${accident}`, async () => {
      const [start, end] = range(accident);
      const args = ['--full', '--quiet', `--start=${start}`, `--end=${end}`];
      const theirs = await runMaintenance(wiki, 'dumpBackup', args, { mayFail: true });
      if (deadly.includes(accident))
        assert.notEqual(theirs.status, 0, 'MediaWiki has learned to survive this');
      const ours = await exportPage(accident);
      assert.equal(ours.status, exitDoneWithErrors, ours.stderr);
      const [page] = parsePages(ours.stdout.toString());
      const texts = page?.revisions.map((revision) => revision.text) ?? [];
      assert.equal(texts[0], `sound before ${accident}`);
      assert.equal(texts.at(-1), `sound after ${accident}`);
    });
  }

  it('exports everything that is sound, and says by its status that something is not', async () => {
    const { status, stdout, stderr } = await runRota(['export', wiki.database, '--full', '-o', '-'], {
      cwd: farm.folder,
    });
    assert.equal(status, exitDoneWithErrors, stderr);
    const pages = new Map(parsePages(stdout.toString()).map((page) => [page.title, page]));
    for (const accident of [...survived, ...deadly, ...nonsense]) {
      const texts = pages.get(`Broken ${accident}`)?.revisions.map((revision) => revision.text) ?? [];
      assert.equal(texts[0], `sound before ${accident}`);
      assert.equal(texts.at(-1), `sound after ${accident}`);
    }
    assert.equal(pages.get('Sound page')?.revisions[0]?.text, 'the end');
    assert.match(stdout.toString(), /<\/mediawiki>\s*$/);
  });
});

/** PHP prints its warnings among what a script prints. */
function xmlOf(output: Buffer): Buffer {
  return output.subarray(Math.max(0, output.indexOf('<mediawiki')));
}
