// What Rota exports, importDump.php takes; and what it took dumps again to the same.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { rotaExport } from '../reference/export-pair.ts';
import { type ParsedPage, type ParsedRevision, parsePages } from '../reference/parse-pages.ts';
import { testBed } from '../support/bed.ts';
import { sql } from '../support/database.ts';
import { writeFarm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import { createMediaWiki, runMaintenance, type TestWiki } from '../support/mediawiki/wiki.ts';
import { program, requires } from '../support/requirements.ts';
import { requiresSharedData, sharedDataFile } from '../support/shared-data.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const aawiki = 'aawiki-20260101-pages-meta-history.xml.7z';

describe('importDump.php', { skip: requires('mariadb', 'mediawiki') }, () => {
  for (const profile of ['one-pass', 'text-pass']) {
    it(`takes what rota export writes, ${profile}`, async () => {
      await using folder = await temporaryFolder();
      await using wiki = await wikiCopy('wicked', `import_from_${profile.replace('-', '_')}`);
      await using target = await wikiCopy('empty', `import_into_${profile.replace('-', '_')}`);
      const farm = await writeFarm(folder.path, [wiki, target]);
      const exported = await rotaExport(farm, wiki, ['--full', '--profile', profile]);
      const xml = withoutHiddenSlot(exported.toString());
      await importXml(target, xml, folder.in('export.xml'));
      const again = await rotaExport(farm, target, ['--full', '--profile', profile]);
      assertHolds(parsePages(again.toString()), parsePages(xml));
    });
  }

  it('of the real aawiki gives a wiki that dumps to the same texts, titles and counts', {
    skip: requires('7z') || requiresSharedData(aawiki),
  }, async () => {
    await using folder = await temporaryFolder();
    await using wiki = await createMediaWiki('import_aawiki', { language: 'aa', siteName: 'Wikipedia' });
    // The main page that the installer made must not mix with the imported one.
    await sql(testBed().mariadb, wiki.database, `UPDATE page SET page_title = 'Made_by_the_installer'`);
    const unpack = await execa(program('7zz', '7z', '7za'), ['x', '-so', sharedDataFile(aawiki)]);
    await importXml(wiki, unpack.stdout, folder.in('aawiki.xml'));
    const farm = await writeFarm(folder.path, [wiki]);
    const dumped = parsePages((await rotaExport(farm, wiki, ['--full'])).toString());
    const original = parsePages(unpack.stdout);
    assert.equal(original.length, 507);
    assert.equal(
      original.flatMap((page) => page.revisions).filter(({ text }) => text !== undefined).length,
      1307,
    );
    assert.deepEqual(
      contents(dumped.filter((page) => page.title !== 'Made by the installer')),
      contents(original),
    );
  });
});

async function importXml(wiki: TestWiki, xml: string, file: string): Promise<void> {
  await writeFile(file, xml);
  const { stdout, stderr } = await runMaintenance(wiki, 'importDump', ['--no-updates', file]);
  assert.doesNotMatch(`${stdout.toString()}${stderr}`, /error|exception|skipping|fail/i);
}

/** MediaWiki refuses its own export of a hidden slot of JSON: it is printed empty, and empty is no JSON. */
function withoutHiddenSlot(xml: string): string {
  const page = /\n {2}<page>\n {4}<title>Hidden slot<\/title>[\s\S]*?<\/page>/;
  assert.match(xml, page);
  return xml.replace(page, '');
}

/** An import calls users by the wiki they came from. */
const importedPrefix = /^imported>/;

/** Its namespace is unknown to both wikis, but not its number: it cannot be imported under its title. */
const notImportable = 'Lost namespace';

/** Every revision of `expected` that has a text stands in `actual` under its title and time with the same. */
function assertHolds(actual: readonly ParsedPage[], expected: readonly ParsedPage[]): void {
  const found = new Map(actual.map((page) => [page.title, page]));
  let compared = 0;
  for (const page of expected) {
    if (page.title === notImportable) continue;
    for (const revision of page.revisions) {
      if (revision.text === undefined) continue;
      const same =
        found.get(page.title)?.revisions.filter((other) => other.timestamp === revision.timestamp) ?? [];
      const match = same.find((other) => other.text === revision.text);
      assert.ok(
        match,
        `${page.title} at ${revision.timestamp}: ${JSON.stringify(revision.text.slice(0, 200))}`,
      );
      const nameOf = (other: ParsedRevision) => other.contributor?.replace(importedPrefix, '');
      if (revision.contributor !== undefined) assert.equal(nameOf(match), nameOf(revision));
      compared++;
    }
  }
  assert.ok(compared > 400, `only ${compared} revisions were compared`);
}

/** What two dumps of one history have in common whatever the ids: title → times with the hash of what is printed. */
function contents(pages: readonly ParsedPage[]): Readonly<Record<string, readonly string[]>> {
  const entries = pages.map((page): [string, string[]] => [
    page.title,
    page.revisions
      .map(
        ({ timestamp, text, sha1 }) => `${timestamp} ${sha1} ${text === undefined ? 'hidden' : hash(text)}`,
      )
      .sort(),
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
