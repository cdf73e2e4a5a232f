import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLog } from '../../core/log.ts';
import { openDatabase } from '../database/open-database.ts';
import { detectSchema } from '../schema/detect-schema.ts';
import { SqliteWiki } from '../testing/sqlite-wiki.ts';
import { TemporaryFolder } from '../testing/temporary-folder.ts';
import { readEncodedPages } from './read-pages.ts';

/** The prints of a wiki's pages, by id, read in chunks of so many revisions. */
async function printsOf(
  change: (wiki: SqliteWiki) => void,
  targetChunkRevisions = 2000,
): Promise<ReadonlyMap<number, string>> {
  using folder = new TemporaryFolder();
  const file = folder.file('wiki.sqlite');
  using wiki = new SqliteWiki(file, '1.39');
  wiki.addPage(10, 'B', 5);
  wiki.addPage(2, 'A', 4, { page_namespace: 4 });
  wiki.addPage(11, 'C', 0);
  for (const [id, page] of [1, 2, 3, 4, 5].map((id) => [id, id % 2 === 0 ? 2 : 10] as const))
    wiki.addRevision({ id, page });
  change(wiki);
  await using connection = await openDatabase({ dialect: 'sqlite', file }, { log: silentLog });
  const prints = new Map<number, string>();
  const options = { targetChunkRevisions, prints: true };
  for await (const chunk of readEncodedPages(connection, await detectSchema(connection), options)) {
    for (const { pageId, print } of chunk.prints ?? []) {
      assert.ok(!prints.has(pageId), 'a page ends once');
      assert.ok(pageId >= chunk.firstPageId && pageId <= chunk.lastPageId, 'in the chunk where it ends');
      prints.set(pageId, print.toString('hex'));
    }
  }
  return prints;
}

describe('prints of pages', () => {
  it('are the same however the chunks are cut, of every page one', async () => {
    const whole = await printsOf(() => undefined);
    assert.deepEqual([...whole.keys()], [2, 10, 11]);
    assert.equal(new Set(whole.values()).size, 3);
    for (const size of [1, 2, 3]) assert.deepEqual(await printsOf(() => undefined, size), whole);
  });

  it('tell what was changed of a page, and of no other', async () => {
    const before = await printsOf(() => undefined);
    for (const [what, statement] of [
      ['its title', "UPDATE page SET page_title = 'D' WHERE page_id = 10"],
      ['its namespace', 'UPDATE page SET page_namespace = 2 WHERE page_id = 10'],
      ['what a revision shows', 'UPDATE revision SET rev_deleted = 4 WHERE rev_id = 3'],
      ['a revision that is gone', 'DELETE FROM revision WHERE rev_id = 1'],
      ['a time', "UPDATE revision SET rev_timestamp = '20200101000009' WHERE rev_id = 1"],
    ] as const) {
      const after = await printsOf((wiki) => wiki.run(statement), 2);
      assert.notEqual(after.get(10), before.get(10), what);
      assert.equal(after.get(2), before.get(2), what);
      assert.equal(after.get(11), before.get(11), what);
    }
  });
});
