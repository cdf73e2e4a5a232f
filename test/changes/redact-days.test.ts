// Revisions are hidden in published days of changes, too: the days still lead on from the full dump, and are exact again
// as soon as the wiki has hidden the revisions.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { DayManifest } from '../../src/export/changes/day-manifest.ts';
import { hideInWiki, plantIn, secrets } from '../dump/secret-revisions.ts';
import { makeSqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { contentOf, filesBelow } from '../support/published.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { DaysFarm, liveOneDay } from './days-farm.ts';

const days = ['20010101', '20010102', '20010103'] as const;

test('revisions are hidden in the days that hold them, and applying the days tells it until the wiki hides them', {
  skip: requires('bzip2'),
}, async () => {
  await using folder = await temporaryFolder('redact-days');
  const wiki = await makeSqliteFarm(folder.path, {
    outputs: ['stubs', 'history'],
    carryOver: { enabled: false },
  });
  const database = join(folder.path, `${wikiName}.sqlite`);
  const old = wiki.value(
    'SELECT rev_id FROM revision WHERE rev_deleted = 0 ORDER BY rev_id LIMIT 1 OFFSET 20',
  );
  plantIn(wiki, [old]);
  await using farm = await DaysFarm.open(folder.path, wikiName);
  await farm.dump('20001231');
  const newest = () => wiki.value('SELECT MAX(rev_id) FROM revision');
  const dayOf = async (date: string) => {
    await farm.mark(date);
    await farm.changes(date);
  };
  await liveOneDay(database);
  const fresh = newest();
  plantIn(wiki, [fresh]);
  // Its comment changes on the second day, so its element is told among the page changes.
  await dayOf(days[0]);
  await liveOneDay(database);
  wiki.sql(
    'UPDATE comment SET comment_text = ? WHERE comment_id = (SELECT revcomment_comment_id FROM revision_comment_temp WHERE revcomment_rev = ?)',
    ...[`${secrets.comment}, corrected`, old],
  );
  await dayOf(days[1]);
  const holding = async () => {
    const found: string[] = [];
    for (const file of await filesBelow(join(folder.path, 'public'))) {
      const bytes = await contentOf(file);
      if (Object.values(secrets).some((word) => bytes.includes(word))) found.push(file);
    }
    return found;
  };
  const names = (await holding()).map((file) => file.slice(file.lastIndexOf('/') + 1));
  for (const name of [`${days[0]}-stubs-meta-hist-incr.xml.gz`, `${days[1]}-page-changes.jsonl.gz`]) {
    assert.ok(names.includes(`${wikiName}-${name}`), `${name} of ${names.join(', ')}`);
  }

  // Later revisions of the page have its words as well: each is to be named.
  const ids = [...new Set([old, fresh, ...(await revisionsWithWords(await holding()))])];
  const redacted = await wiki.rota('dump', 'redact', wikiName, '--rev', ids.join(','), '--yes');
  assert.equal(redacted.status, 0, redacted.stderr);
  assert.match(redacted.stdout.toString(), /20010101 \(changes\): \d+ revisions? hidden, 2 files rewritten/);
  assert.match(redacted.stdout.toString(), /20010102 \(changes\): \d+ revisions? hidden, \d files rewritten/);
  assert.deepEqual(await holding(), []);
  for (const date of days.slice(0, 2)) await sumsAreRight(farm.day(date), date);
  const again = await wiki.rota('dump', 'redact', wikiName, '--rev', ids.join(','), '--yes');
  assert.equal(again.status, 4, again.stdout.toString() + again.stderr);

  const full = join(
    folder.path,
    'public',
    wikiName,
    '20001231',
    `${wikiName}-20001231-pages-meta-history.xml.zst`,
  );
  const apply = async (to: readonly string[]) => {
    const output = join(folder.path, `new-${to.length}.xml`);
    const result = await wiki.rota(
      'changes',
      'apply',
      full,
      ...to.map((date) => farm.day(date)),
      '-o',
      output,
    );
    return { result, output };
  };
  const across = await apply(days.slice(0, 2));
  assert.equal(across.result.status, 3, across.result.stderr);

  hideInWiki(wiki, ids);
  await liveOneDay(database);
  await dayOf(days[2]);
  const { result, output } = await apply(days);
  assert.equal(result.status, 0, result.stdout.toString() + result.stderr);
  const exported = await wiki.rota('export', wikiName, '--full', '--profile', 'text-pass');
  assert.ok((await readFile(output)).equals(exported.stdout), 'the dump that the database gives');
});

async function revisionsWithWords(files: readonly string[]): Promise<readonly number[]> {
  const ids: number[] = [];
  for (const file of files.filter((name) => /\.xml\.(bz2|gz|zst)$/.test(name))) {
    const xml = (await contentOf(file)).toString();
    for (const [revision] of xml.matchAll(/<revision>.*?<\/revision>/gs)) {
      if (!Object.values(secrets).some((word) => revision.includes(word))) continue;
      ids.push(Number(/<id>(\d+)<\/id>/.exec(revision)?.[1]));
    }
  }
  return ids;
}

async function sumsAreRight(folder: string, date: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, 'changes.json'), 'utf8')) as DayManifest;
  const sums = await readFile(join(folder, `${wikiName}-${date}-md5sums.txt`), 'utf8');
  for (const file of manifest.files) {
    const bytes = await readFile(join(folder, file.name));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256, file.name);
    assert.ok(sums.includes(`${createHash('md5').update(bytes).digest('hex')} *${file.name}`), file.name);
  }
  assert.equal(manifest.redacted?.length, 1);
  assert.ok((await readdir(folder)).includes('status.txt'));
}
