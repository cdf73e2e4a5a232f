import assert from 'node:assert/strict';
import { open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const history = 'pages-meta-history.xml.zst';
const index = `${history}.index.zst`;

async function flipByte(path: string, at: (sizeBytes: number) => number): Promise<void> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  const position = at(size);
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 0xff]), 0, 1, position);
}

/** The wiki does not change between the dates, so each date's file must be the first one's, whatever is done to them. */
describe('a date before that cannot be used', () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  let first: string;
  let failed: number;
  let mismatched: number;
  let day = 20260101;

  /** Dumps the next date and gives what it took over; its file must be right. */
  const dumpNext = async (...args: readonly string[]) => {
    day += 1;
    const dumped = await farm.rota('dump', wikiName, '--date', String(day), ...args);
    assert.equal(dumped.status, 3, dumped.stderr);
    const summary = await farm.carried(String(day));
    assert.ok(summary);
    return { summary, stderr: dumped.stderr };
  };
  const path = (name: string) => farm.path(String(day), name);
  const assertSame = async () =>
    assert.ok((await farm.published(String(day), history)) === first, 'same bytes');

  before(async () => {
    folder = await temporaryFolder('carry-refused');
    farm = await makeSqliteFarm(folder.path, {
      ...{ outputs: ['history'], compression: { history: 'zst' }, keep: 20 },
      ...{ tolerance: { failedTexts: 5 }, bundle: { zst: '8KiB' }, carryOver: { recheck: 'off' } },
    });
    const nth = (query: string, offset: number) => farm.value(`${query} LIMIT 1 OFFSET ${offset}`);
    const slots =
      'FROM slots JOIN content ON content_id = slot_content_id WHERE content_size > 0 GROUP BY content_id HAVING COUNT(*) = 1 ORDER BY content_id';
    failed = nth(`SELECT MAX(slot_revision_id) ${slots}`, 20);
    mismatched = nth(`SELECT MAX(slot_revision_id) ${slots}`, 90);
    const contentOf = 'SELECT slot_content_id FROM slots WHERE slot_revision_id = ?';
    farm.sql(`UPDATE content SET content_address = 'tt:999999' WHERE content_id = (${contentOf})`, failed);
    farm.sql(`UPDATE content SET content_sha1 = 'abc' WHERE content_id = (${contentOf})`, mismatched);
    const dumped = await farm.rota('dump', wikiName, '--date', String(day));
    assert.equal(dumped.status, 3, dumped.stderr);
    first = await farm.published(String(day), history);
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  it('is copied as long as it is whole, but for what had a fault: that is read, and listed, at every date', async () => {
    const { summary } = await dumpNext();
    assert.ok(summary.carried.copiedBundles > 10);
    assert.equal(summary.carried.readTexts, 2);
    assert.deepEqual(summary.refused, []);
    await assertSame();
    const list = JSON.parse(await farm.published(String(day), 'failed-revisions.json')) as {
      readonly failed: readonly { readonly revision: number; readonly kind: string }[];
    };
    const kinds = Object.fromEntries(list.failed.map(({ revision, kind }) => [revision, kind]));
    assert.deepEqual(kinds, { [failed]: 'failed', [mismatched]: 'mismatch' });
  });

  it('with a flipped byte gives all other bundles, and says where it is damaged', async () => {
    await flipByte(path(history), (size) => Math.floor(size / 2));
    const { summary } = await dumpNext();
    assert.ok(summary.carried.copiedBundles > 10);
    assert.match(summary.refused.join('\n'), /pages-meta-history\.xml\.zst is damaged at \d+/);
    await assertSame();
  });

  it('cut short gives nothing', async () => {
    await truncate(path(history), 5000);
    const { summary } = await dumpNext();
    assert.equal(summary.carried.copiedBundles, 0);
    assert.match(summary.refused.join('\n'), /history\.zst of \d{8} has 5000 of \d+ bytes/);
    await assertSame();
  });

  it('without its index gives nothing', async () => {
    await rm(path(index));
    const { summary } = await dumpNext();
    assert.equal(summary.carried.copiedBundles, 0);
    assert.match(summary.refused.join('\n'), /has an index that cannot be read \(ENOENT/);
    await assertSame();
  });

  it('with a damaged index gives nothing', async () => {
    await flipByte(path(index), (size) => size - 20);
    const { summary } = await dumpNext();
    assert.equal(summary.carried.copiedBundles, 0);
    assert.match(summary.refused.join('\n'), /an index that fails its checksum/);
    await assertSame();
  });

  it('with a damaged manifest is passed over for the date before it', async () => {
    await dumpNext();
    const damaged = day;
    const folderOf = (date: number) => join(farm.folder, 'public', wikiName, String(date));
    for (const text of ['', 'null', '{"sets": 5}', '{"sets": {"history"']) {
      await writeFile(join(folderOf(damaged), 'manifest.json'), text);
      const { summary } = await dumpNext();
      assert.equal(summary.previousDate, String(damaged - 1), `with ${text}`);
      await assertSame();
      await rm(folderOf(day), { recursive: true });
    }
    await rm(folderOf(damaged), { recursive: true });
  });

  it('is not asked with --no-carry-over', async () => {
    const { summary } = await dumpNext('--no-carry-over');
    assert.equal(summary.previousDate, null);
    assert.equal(summary.carried.copiedBundles, 0);
    await assertSame();
  });

  it('of another schema gives nothing', async () => {
    const file = join(farm.folder, 'rota.yaml');
    const settings = parse(await readFile(file, 'utf8')) as { jobs: { 'full-dump': { schema?: string } } };
    settings.jobs['full-dump'].schema = '0.10';
    await writeFile(file, stringify(settings));
    const { summary } = await dumpNext();
    assert.equal(summary.carried.copiedBundles, 0);
    assert.match(summary.refused.join('\n'), /was written by another version, or with other settings/);
    assert.match(await farm.published(String(day), history), /export-0\.10/);
  });
});
