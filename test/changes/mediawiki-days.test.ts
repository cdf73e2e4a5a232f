// Days of a real MediaWiki: increments are what its own scripts write for the same range of revisions, and applied to
// the full dump they give the dump of the last day; days that follow hints find the same.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DayManifest, parseDayManifest } from '../../src/export/changes/day-manifest.ts';
import { openContainer, rawBytes } from '../../src/export/containers/read/open-container.ts';
import { dumpBackup, rotaExport } from '../reference/export-pair.ts';
import { assertSameBytes } from '../reference/same-bytes.ts';
import { testBed } from '../support/bed.ts';
import { sql } from '../support/database.ts';
import { type Farm, writeFarm } from '../support/mediawiki/farm.ts';
import { createMediaWiki, fillWiki, runMaintenance, type TestWiki } from '../support/mediawiki/wiki.ts';
import { requires } from '../support/requirements.ts';
import { runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { DaysFarm } from './days-farm.ts';
import { datesByTurn, HintedDays } from './hinted-days.ts';

/** Before the first revision, so that the marks of these missed days are the greatest revision. */
const dates = ['20010101', '20010102', '20010103'];
const fullDate = '20001231';

async function contentOf(path: string): Promise<Buffer> {
  const options = { signal: new AbortController().signal, searchPath: process.env.PATH ?? '' };
  const parts: Buffer[] = [];
  for await (const bytes of rawBytes(await openContainer(path, options))) parts.push(bytes);
  return Buffer.concat(parts);
}

describe('days of a MediaWiki', { skip: requires('mariadb', 'mediawiki', 'bzip2') }, () => {
  let wiki: TestWiki;
  let folder: TemporaryFolder;
  let farm: Farm;
  let days: DaysFarm;
  let hinted: HintedDays;
  const manifests: DayManifest[] = [];
  /** What MediaWiki writes for each day's range, stubs and texts, while the wiki is as it was on that day. */
  const expected: { readonly stubs: Buffer; readonly texts: Buffer }[] = [];

  before(async () => {
    wiki = await createMediaWiki('days_wiki', { compress: true });
    folder = await temporaryFolder();
    farm = await writeFarm(folder.in('whole'), [wiki], {
      fullDump: { outputs: ['history'], compression: { history: 'zst' } },
    });
    await fillWiki(wiki, 'day1');
    days = await DaysFarm.open(farm.folder, wiki.database);
    await days.dump(fullDate);
    hinted = await HintedDays.of(farm.folder, folder.in('hinted'), wiki);
    for (const [index, date] of dates.entries()) {
      await hinted.age();
      await fillWiki(wiki, `day${index + 2}`);
      await days.mark(date);
      await days.changes(date);
      await hinted.live(date);
      const path = join(days.day(date), 'changes.json');
      const manifest = parseDayManifest(JSON.parse(await readFile(path, 'utf8')), path);
      manifests.push(manifest);
      expected.push(await increment(wiki, manifest));
    }
  });
  after(async () => {
    await days?.[Symbol.asyncDispose]();
    await hinted?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
    await wiki?.[Symbol.asyncDispose]();
  });

  const file = (date: string, name: string) => join(days.day(date), `${wiki.database}-${date}-${name}`);

  it('have in their increments, byte for byte, what dumpBackup.php --revrange and dumpTextPass.php write', async () => {
    for (const [index, date] of dates.entries()) {
      const own = expected[index];
      assert.ok(own && (manifests[index]?.increment.revisions ?? 0) > 0);
      assertSameBytes(
        await contentOf(file(date, 'stubs-meta-hist-incr.xml.gz')),
        own.stubs,
        `stubs of ${date}`,
      );
      assertSameBytes(
        await contentOf(file(date, 'pages-meta-hist-incr.xml.bz2')),
        own.texts,
        `texts of ${date}`,
      );
    }
  });

  it('tell what increments never carried', async () => {
    const kinds = async (date: string) => {
      const lines = (await contentOf(file(date, 'page-changes.jsonl.gz'))).toString().trimEnd().split('\n');
      return new Set(lines.map((line) => (JSON.parse(line) as { readonly kind: string }).kind));
    };
    const first = await kinds(dates[0] ?? '');
    for (const kind of ['siteinfo', 'page', 'page-gone', 'rev-meta']) assert.ok(first.has(kind), kind);
    assert.ok((await kinds(dates[1] ?? '')).has('rev-moved'));
    // An undeleted page, then revisions that moved or came back onto another page.
    assert.ok((manifests[0]?.restored.revisions ?? 0) >= 3);
    assert.ok((manifests[1]?.restored.revisions ?? 0) >= 4);
  });

  it('find the same by hints: hidden revisions, restored pages, merged histories, imports, renamed users', async () => {
    for (const [index, date] of dates.entries()) {
      for (const name of ['ledger.zst', 'page-changes.jsonl.gz', 'pages-meta-hist-restored.xml.bz2']) {
        const found = await contentOf(hinted.path(date, name));
        assertSameBytes(found, await contentOf(file(date, name)), `${name} of ${date}`);
      }
      assert.equal(manifests[index]?.compared, 'state');
      assert.equal((await hinted.manifestOf(date)).compared, 'log-hints');
      const { pages, read } = await hinted.comparedOn(date);
      assert.ok(read > 0 && read < pages, `${date}: ${read} of ${pages} pages`);
    }
  });

  it('never let the mark go back, though the newest page is deleted', async () => {
    const marks = await Promise.all(
      dates.map((date) => readFile(join(days.day(date), 'maxrevid.txt'), 'utf8')),
    );
    assert.deepEqual(
      marks.map(Number),
      marks.map(Number).toSorted((a, b) => a - b),
    );
    assert.deepEqual(
      marks.map(Number),
      manifests.map((manifest) => manifest.mark.revisionId),
    );
  });

  it('applied to the full dump give the dump of the last day; a missing or damaged day is refused', async () => {
    const name = `${wiki.database}-${fullDate}-pages-meta-history.xml.zst`;
    const full = join(farm.publicFolder, wiki.database, fullDate, name);
    const folders = dates.map((date) => days.day(date));
    const output = folder.in('new.xml.bz2');
    const apply = (...list: readonly string[]) =>
      runRota(['changes', 'apply', full, ...list, '-o', output], { cwd: farm.folder });
    const gap = await apply(...folders.slice(1));
    assert.match(gap.stderr, /CHANGES_CHAIN_BROKEN/);
    assert.equal(gap.status, 1);
    const done = await apply(...folders);
    assert.equal(done.status, 0, done.stderr + done.stdout.toString());
    const now = await rotaExport(farm, wiki, ['--full', '--profile', 'text-pass']);
    assertSameBytes(await contentOf(output), now, 'the dump that was brought up to date');
    const damaged = file(dates[1] ?? '', 'pages-meta-hist-restored.xml.bz2');
    const bytes = await readFile(damaged);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(damaged, bytes);
    const refused = await apply(...folders);
    assert.match(refused.stderr, /CHANGES_UNREADABLE/);
    assert.equal(refused.status, 1);
  });

  it('by hints do not see what changed without log and touch until its turn comes, within four weeks', async () => {
    await hinted.age();
    const value = async (expression: string) =>
      Number((await sql(testBed().mariadb, wiki.database, `SELECT ${expression}`))[0]?.[0]);
    const page = await value("page_id FROM page WHERE page_title = 'Stays'");
    const revision = await value(`MIN(rev_id) FROM revision WHERE rev_page = ${page}`);
    await sql(
      testBed().mariadb,
      wiki.database,
      `UPDATE revision SET rev_deleted = 1 WHERE rev_id = ${revision}`,
    );
    const next = datesByTurn(page, await value('MAX(page_id) FROM page'));
    const record = `"kind":"rev-meta","page":${page},"rev":${revision}`;
    for (const isDue of [false, true]) {
      const date = next(isDue);
      await hinted.live(date);
      assert.equal((await hinted.recordsOf(date)).includes(record), isDue, date);
    }
  });

  it('by hints compare everything when the head of the XML is another', async () => {
    const site = join(hinted.folder, `${wiki.database}-siteinfo.json`);
    await writeFile(site, (await readFile(site, 'utf8')).replace(/"sitename":"[^"]*"/, '"sitename":"Other"'));
    const date = '20010401';
    await hinted.live(date);
    const { pages, read } = await hinted.comparedOn(date);
    assert.equal(read, pages);
    assert.equal((await hinted.manifestOf(date)).compared, 'state');
  });
});

/** The day's range as MediaWiki's own scripts dump it. */
async function increment(
  wiki: TestWiki,
  { previousMark, mark }: DayManifest,
): Promise<{ readonly stubs: Buffer; readonly texts: Buffer }> {
  const range = ['--revrange', `--revstart=${(previousMark ?? 0) + 1}`, `--revend=${mark.revisionId + 1}`];
  const stubs = await dumpBackup(wiki, ['--stub', ...range]);
  await using folder = await temporaryFolder('dump');
  const [from, to] = [folder.in('stubs.xml'), folder.in('texts.xml')];
  await writeFile(from, stubs);
  await runMaintenance(wiki, 'dumpTextPass', ['--quiet', `--stub=file:${from}`, `--output=file:${to}`]);
  return { stubs, texts: await readFile(to) };
}
