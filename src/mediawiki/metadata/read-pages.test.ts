import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLog } from '../../core/log.ts';
import { openDatabase } from '../database/open-database.ts';
import type { PagePart, RecordChunk } from '../record/page-part.ts';
import { detectSchema } from '../schema/detect-schema.ts';
import { type Generation, SqliteWiki } from '../testing/sqlite-wiki.ts';
import { TemporaryFolder } from '../testing/temporary-folder.ts';
import { readPages } from './read-pages.ts';
import type { ReadPagesOptions } from './read-pages-options.ts';

async function read(
  fill: (wiki: SqliteWiki) => void,
  options: ReadPagesOptions = {},
  generation: Generation = '1.39',
): Promise<RecordChunk[]> {
  using folder = new TemporaryFolder();
  const file = folder.file('wiki.sqlite');
  using wiki = new SqliteWiki(file, generation);
  fill(wiki);
  await using connection = await openDatabase({ dialect: 'sqlite', file }, { log: silentLog });
  const schema = await detectSchema(connection);
  assert.equal(schema.generation, generation);
  const chunks: RecordChunk[] = [];
  for await (const chunk of readPages(connection, schema, options)) chunks.push(chunk);
  return chunks;
}

const parts = (chunks: readonly RecordChunk[]): PagePart[] => chunks.flatMap((chunk) => chunk.parts);

/** Page, its revisions, and whether it begins and ends here. */
function outline(chunks: readonly RecordChunk[]): string[] {
  return chunks.map((chunk) =>
    chunk.parts
      .map((part) => {
        const ids = part.revisions.map((revision) => revision.id).join();
        return `${part.isFirst ? '<' : ''}${part.page.id}:${ids}${part.isLast ? '>' : ''}`;
      })
      .join(' '),
  );
}

function threePages(wiki: SqliteWiki): void {
  wiki.addPage(10, 'B', 5);
  wiki.addPage(2, 'A', 4, { page_namespace: 4 });
  wiki.addPage(11, 'C', 6);
  for (const [id, page] of [
    [1, 10],
    [2, 2],
    [3, 10],
    [4, 2],
    [5, 10],
    [6, 11],
  ] as const)
    wiki.addRevision({ id, page });
}

describe('readPages', () => {
  for (const generation of ['1.35', '1.39', '1.43'] as const) {
    it(`reads the schema of ${generation} into the same records`, async () => {
      const chunks = await read(threePages, {}, generation);
      assert.deepEqual(outline(chunks), ['<2:2,4> <10:1,3,5> <11:6>']);
      const [revision] = parts(chunks)[1]?.revisions ?? [];
      assert.deepEqual(revision, {
        id: 1,
        parentId: 0,
        timestamp: '20200101000001',
        isMinor: false,
        deleted: 0,
        sizeBytes: null,
        sha1: '',
        userId: 7,
        userName: Buffer.from('Zoë').toString('latin1'),
        comment: 'comment 1',
        slots: [
          {
            role: 'main',
            originRevisionId: 1,
            model: 'wikitext',
            sizeBytes: 6,
            sha1: revision?.slots[0]?.sha1,
            address: 'tt:1',
          },
        ],
        problems: [],
      });
      assert.equal(chunks[0]?.revisionCount, 6);
      assert.equal(chunks[0]?.contentBytes, 36);
    });
  }

  it('uses rev_comment_id where a migration has filled it in but left the old table', async () => {
    const chunks = await read((wiki) => {
      threePages(wiki);
      wiki.run('UPDATE revision SET rev_comment_id = rev_id');
      wiki.run('DELETE FROM revision_comment_temp');
    });
    assert.equal(parts(chunks)[0]?.revisions[0]?.comment, 'comment 2');
  });

  it('cuts chunks between any two revisions', async () => {
    assert.deepEqual(outline(await read(threePages, { targetChunkRevisions: 2 })), [
      '<2:2,4>',
      '<10:1,3',
      '10:5> <11:6>',
    ]);
    assert.deepEqual(outline(await read(threePages, { targetChunkBytes: 1 })), [
      '<2:2',
      '2:4>',
      '<10:1',
      '10:3',
      '10:5>',
      '<11:6>',
    ]);
  });

  it('reads a half-open range of pages, namespaces, and the latest only', async () => {
    assert.deepEqual(outline(await read(threePages, { fromPage: 2, toPage: 11 })), ['<2:2,4> <10:1,3,5>']);
    assert.deepEqual(outline(await read(threePages, { fromPage: 3, toPage: 10 })), []);
    assert.deepEqual(outline(await read(threePages, { namespaces: [0] })), ['<10:1,3,5> <11:6>']);
    assert.deepEqual(outline(await read(threePages, { latestOnly: true })), ['<2:4> <10:5> <11:6>']);
  });

  it('yields pages without revisions, and a latest revision that is not there or is of another page', async () => {
    const fill = (wiki: SqliteWiki) => {
      threePages(wiki);
      wiki.addPage(12, 'Empty', 0);
      wiki.addPage(13, 'Lost', 99);
      wiki.addPage(14, 'Foreign', 6);
    };
    assert.deepEqual(outline(await read(fill)), ['<2:2,4> <10:1,3,5> <11:6> <12:> <13:> <14:>']);
    assert.deepEqual(outline(await read(fill, { latestOnly: true })), [
      '<2:4> <10:5> <11:6> <12:> <13:> <14:>',
    ]);
  });

  it('reads a page with more revisions than one question asks for, and revisions without a page', async () => {
    const chunks = await read(
      (wiki) => {
        wiki.run('BEGIN');
        wiki.addPage(1, 'Long', 9001);
        wiki.addPage(3, 'Short', 1);
        wiki.addRevision({ id: 1, page: 3 });
        for (let id = 9001; id > 1; id -= 2) wiki.addRevision({ id, page: 1 });
        for (let id = 20_000; id < 24_500; id++) wiki.insert('revision', { rev_id: id, rev_page: 2 });
        wiki.run('COMMIT');
      },
      { targetChunkRevisions: 1000 },
    );
    const ids = parts(chunks)
      .filter((part) => part.page.id === 1)
      .flatMap((part) => part.revisions.map((revision) => revision.id));
    assert.equal(ids.length, 4500);
    assert.ok(ids.every((id, index) => id === index * 2 + 3));
    assert.ok(chunks.every((chunk) => chunk.revisionCount <= 1000));
    assert.deepEqual(
      parts(chunks).map((part) => [part.page.id, part.isFirst, part.isLast]),
      [
        [1, true, false],
        [1, false, false],
        [1, false, false],
        [1, false, false],
        [1, false, true],
        [3, true, true],
      ],
    );
  });

  it('says what each revision lacks instead of dropping it', async () => {
    const damage: readonly [string, string][] = [
      ['DELETE FROM slots WHERE slot_revision_id = 1', 'slot-missing'],
      ['UPDATE slots SET slot_role_id = 2 WHERE slot_revision_id = 1', 'main-slot-missing'],
      ['UPDATE slots SET slot_role_id = 9 WHERE slot_revision_id = 1', 'role-unknown,main-slot-missing'],
      ['DELETE FROM content WHERE content_id = 1', 'content-missing,main-slot-missing'],
      ['UPDATE content SET content_model = 99 WHERE content_id = 1', 'model-unknown'],
      ['UPDATE revision SET rev_actor = 99 WHERE rev_id = 1', 'actor-missing'],
      ['DELETE FROM comment WHERE comment_id = 1', 'comment-missing'],
      ["UPDATE revision SET rev_timestamp = '00000000000000' WHERE rev_id = 1", 'timestamp-invalid'],
      ["UPDATE revision SET rev_timestamp = '2020' WHERE rev_id = 1", 'timestamp-invalid'],
    ];
    for (const [sql, problems] of damage) {
      const chunks = await read((wiki) => {
        threePages(wiki);
        wiki.run(sql);
      });
      assert.equal(parts(chunks)[1]?.revisions[0]?.problems.join(), problems, sql);
      assert.equal(chunks[0]?.revisionCount, 6, sql);
    }
  });

  it('puts the main slot first and the others by role', async () => {
    const chunks = await read((wiki) => {
      threePages(wiki);
      wiki.insert('slot_roles', { role_id: 3, role_name: 'abc' });
      for (const role of [2, 3])
        wiki.insert('slots', { slot_revision_id: 1, slot_role_id: role, slot_content_id: 2, slot_origin: 1 });
    });
    assert.deepEqual(
      parts(chunks)[1]?.revisions[0]?.slots.map((slot) => slot.role),
      ['main', 'abc', 'aux'],
    );
  });

  it('keeps invalid UTF-8 as it is', async () => {
    const bytes = Buffer.from([0x41, 0xff, 0x00, 0x80]);
    const chunks = await read((wiki) => {
      wiki.insert('page', { page_id: 1, page_namespace: 0, page_title: bytes, page_latest: 1 });
      wiki.addRevision({ id: 1, page: 1 });
      wiki.database.prepare('UPDATE comment SET comment_text = CAST(? AS TEXT)').run(bytes);
    });
    assert.equal(parts(chunks)[0]?.page.title, 'A\xff\x00\x80');
    assert.equal(parts(chunks)[0]?.revisions[0]?.comment, 'A\xff\x00\x80');
  });

  it('reads redirects, and treats a row from before the interwiki column as none', async () => {
    const chunks = await read((wiki) => {
      wiki.addPage(1, 'R', 1, { page_is_redirect: 1 });
      wiki.addPage(2, 'Old', 2, { page_is_redirect: 1 });
      wiki.addPage(3, 'None', 3);
      for (const id of [1, 2, 3]) {
        wiki.addRevision({ id, page: id });
        wiki.insert('redirect', {
          rd_from: id,
          rd_namespace: 4,
          rd_title: 'T',
          rd_interwiki: id === 2 ? null : 'm',
          rd_fragment: '',
        });
      }
    });
    assert.deepEqual(
      parts(chunks).map((part) => part.page.redirect),
      [{ namespace: 4, title: 'T', interwiki: 'm' }, null, null],
    );
  });

  it('asks for the next revisions before it encodes these', async () => {
    using folder = new TemporaryFolder();
    const file = folder.file('wiki.sqlite');
    using wiki = new SqliteWiki(file, '1.39');
    wiki.run('BEGIN');
    for (let page = 1; page <= 3; page++) {
      wiki.addPage(page, `P${page}`, page * 2100);
      for (let id = page * 2100 - 2099; id <= page * 2100; id++) wiki.addRevision({ id, page });
    }
    wiki.run('COMMIT');
    await using connection = await openDatabase({ dialect: 'sqlite', file }, { log: silentLog });
    const schema = await detectSchema(connection);
    const asked: number[] = [];
    const watched = new Proxy(connection, {
      get: (target, name) => {
        if (name !== 'select') return Reflect.get(target, name, target) as unknown;
        return (...query: Parameters<typeof target.select>) => {
          const [sql, [ids] = []] = query;
          if (sql.includes('slot_role_id') && Array.isArray(ids)) asked.push(Number(ids[0]));
          return target.select(...query);
        };
      },
    });
    const seen: number[] = [];
    for await (const chunk of readPages(watched, schema, { targetChunkRevisions: 2100 })) {
      seen.push(asked.length);
      assert.equal(chunk.revisionCount, 2100);
    }
    assert.deepEqual(asked, [1, 2101, 4201]);
    assert.deepEqual(seen, [2, 3, 3]);
  });
});
