import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { DigestDatabase } from '../database/digest-database.ts';
import { openDemoDatabases } from '../database/open-demo-database.ts';
import { schemaVersions } from '../schema/schema-version.ts';
import { simulateDay } from '../simulate/simulate-day.ts';
import { generateWiki } from './generate-wiki.ts';
import { defaultWikiOptions, type WikiOptions } from './wiki-options.ts';

const folder = await mkdtemp(join(tmpdir(), 'rota-demo-'));
after(() => rm(folder, { recursive: true, force: true }));

const small: WikiOptions = { ...defaultWikiOptions, pages: 150, revisions: 900, meanBytes: 900 };

async function digestOf(options: WikiOptions): Promise<string> {
  const database = new DigestDatabase();
  await generateWiki({ database, external: null, options });
  return database.digest();
}

test('the same options give the same rows, another seed others', async () => {
  const first = await digestOf(small);
  assert.equal(await digestOf(small), first);
  assert.notEqual(await digestOf({ ...small, seed: 2 }), first);
});

test('writes exactly as many pages and revisions as asked for', async () => {
  for (const [pages, revisions] of [
    [40, 40],
    [41, 333],
    [300, 1000],
  ] as const) {
    const summary = await generateWiki({
      database: new DigestDatabase(),
      external: null,
      options: { ...small, pages, revisions, meanBytes: 300 },
    });
    assert.equal(summary.pages, pages);
    assert.equal(summary.revisions, revisions);
  }
});

for (const schema of schemaVersions) {
  test(`the wiki of ${schema} is sound, also after it has lived two days`, async () => {
    const file = join(folder, `${schema}.sqlite`);
    const options: WikiOptions = {
      ...small,
      schema,
      storage: { gzip: 5, plain: 1, legacy: 1, external: 2 },
    };
    {
      await using databases = await openDemoDatabases({ address: file, external: true, replace: true });
      const { database, external } = databases;
      await generateWiki({ database, external, options });
      checkWiki(file, schema);
      await simulateDay(database, external);
      const second = await simulateDay(database, external);
      assert.equal(second.day, 2);
      assert.ok(second.edits > 0 && second.moved.length > 0 && second.deleted.length > 0);
    }
    checkWiki(file, schema);
  });
}

/** Everything that must hold in any MediaWiki database. */
function checkWiki(file: string, schema: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  const external = new DatabaseSync(`${file}-cluster1`, { readOnly: true });
  const none = (what: string, sql: string): void => assert.deepEqual(database.prepare(sql).all(), [], what);
  none(
    'page_latest is the greatest revision of its page',
    'SELECT page_id FROM page LEFT JOIN (SELECT rev_page, MAX(rev_id) AS top FROM revision GROUP BY rev_page) ON rev_page = page_id WHERE page_latest IS NOT top',
  );
  none(
    'every revision has a page',
    'SELECT rev_id FROM revision LEFT JOIN page ON page_id = rev_page WHERE page_id IS NULL',
  );
  for (const [table, id] of [
    ['revision', 'rev_id'],
    ['archive', 'ar_rev_id'],
  ]) {
    none(
      `every row of ${table} has a main slot`,
      `SELECT ${id} FROM ${table} LEFT JOIN slots ON slot_revision_id = ${id} AND slot_role_id = 1 WHERE slot_content_id IS NULL`,
    );
  }
  none(
    'every slot has content, and its origin is no later revision',
    'SELECT slot_revision_id FROM slots LEFT JOIN content ON content_id = slot_content_id WHERE content_id IS NULL OR slot_origin > slot_revision_id OR slot_origin = 0',
  );
  none(
    'rev_len and page_len are sums of the slots',
    'SELECT rev_id FROM revision JOIN slots ON slot_revision_id = rev_id JOIN content ON content_id = slot_content_id GROUP BY rev_id HAVING SUM(content_size) <> rev_len',
  );
  none(
    'page_len is that of the latest revision',
    'SELECT page_id FROM page JOIN revision ON rev_id = page_latest WHERE page_len <> rev_len',
  );
  none(
    'redirects have a row and the other way round',
    'SELECT page_id FROM page LEFT JOIN redirect ON rd_from = page_id WHERE page_is_redirect <> (rd_from IS NOT NULL)',
  );
  none(
    'no link comes from a page that is gone',
    'SELECT pl_from FROM pagelinks LEFT JOIN page ON page_id = pl_from WHERE page_id IS NULL',
  );
  none('a revision is in one table', 'SELECT rev_id FROM revision JOIN archive ON ar_rev_id = rev_id');
  const comment = schema === '1.43' ? 'rev_comment_id' : 'revcomment_comment_id';
  const commentJoin = schema === '1.43' ? '' : 'LEFT JOIN revision_comment_temp ON revcomment_rev = rev_id';
  none(
    'every revision has a comment',
    `SELECT rev_id FROM revision ${commentJoin} LEFT JOIN comment ON comment_id = ${comment} WHERE comment_id IS NULL`,
  );
  const actor = schema === '1.35' ? 'revactor_actor' : 'rev_actor';
  const actorJoin = schema === '1.35' ? 'LEFT JOIN revision_actor_temp ON revactor_rev = rev_id' : '';
  none(
    'every revision has an actor',
    `SELECT rev_id FROM revision ${actorJoin} LEFT JOIN actor ON actor_id = ${actor} WHERE actor_id IS NULL`,
  );
  none(
    'only the newest pages are new',
    'SELECT page_id FROM page JOIN revision ON rev_page = page_id GROUP BY page_id HAVING page_is_new <> (COUNT(*) = 1) AND page_is_new = 1',
  );
  checkTexts(database, external);
  checkMarkers(database, external);
  database.close();
  external.close();
}

/** Texts have the length and hash that content says, in every form of storage. */
function checkTexts(database: DatabaseSync, external: DatabaseSync): void {
  const blob = external.prepare('SELECT CAST(blob_text AS BLOB) AS blob FROM blobs WHERE blob_id = ?');
  const rows = database
    .prepare(
      `SELECT content_size, content_sha1, CAST(old_text AS BLOB) AS data, CAST(old_flags AS TEXT) AS flags
       FROM content LEFT JOIN text ON old_id = CAST(substr(content_address, 4) AS INTEGER)`,
    )
    .all();
  const forms = new Set<string>();
  for (const { content_size: size, content_sha1: sha1, data, flags } of rows) {
    assert.ok(data instanceof Uint8Array && typeof flags === 'string');
    forms.add(flags);
    let bytes = Buffer.from(data);
    if (flags.includes('external')) {
      const found = blob.get(Number(bytes.toString().replace('DB://cluster1/', '')))?.blob;
      assert.ok(found instanceof Uint8Array);
      bytes = Buffer.from(found);
    }
    if (flags.includes('gzip')) bytes = inflateRawSync(bytes);
    assert.equal(bytes.length, size);
    assert.equal(
      BigInt(`0x${hash('sha1', bytes)}`)
        .toString(36)
        .padStart(31, '0'),
      `${sha1}`,
    );
    assert.ok(Buffer.from(bytes.toString()).equals(bytes), 'texts are UTF-8');
  }
  assert.deepEqual([...forms].sort(), ['', 'utf-8', 'utf-8,gzip', 'utf-8,gzip,external']);
}

/** What is marked as private stands in no visible revision, and somewhere in the hidden and deleted ones. */
function checkMarkers(database: DatabaseSync, external: DatabaseSync): void {
  const blob = external.prepare('SELECT CAST(blob_text AS BLOB) AS blob FROM blobs WHERE blob_id = ?');
  const textOf = (data: unknown, flags: unknown): string => {
    let bytes = Buffer.from(data as Uint8Array);
    if (`${flags}`.includes('external')) {
      bytes = Buffer.from(blob.get(Number(bytes.toString().split('/').at(-1)))?.blob as Uint8Array);
    }
    return (`${flags}`.includes('gzip') ? inflateRawSync(bytes) : bytes).toString();
  };
  const marked = (from: string): number => {
    const rows = database
      .prepare(
        `SELECT CAST(old_text AS BLOB) AS data, CAST(old_flags AS TEXT) AS flags FROM ${from}
         JOIN content ON content_id = slot_content_id JOIN text ON old_id = CAST(substr(content_address, 4) AS INTEGER)`,
      )
      .all();
    return rows.filter(({ data, flags }) => textOf(data, flags).includes('private.example')).length;
  };
  assert.equal(marked('revision JOIN slots ON slot_revision_id = rev_id AND rev_deleted & 1 = 0'), 0);
  const logged = database
    .prepare(
      "SELECT log_id FROM logging JOIN comment ON comment_id = log_comment_id WHERE log_type <> 'suppress' AND CAST(comment_text AS TEXT) LIKE '%private.example%'",
    )
    .all();
  assert.deepEqual(logged, []);
  assert.ok(marked('revision JOIN slots ON slot_revision_id = rev_id AND rev_deleted & 1 = 1') > 0);
  assert.ok(marked('archive JOIN slots ON slot_revision_id = ar_rev_id') > 0);
}
