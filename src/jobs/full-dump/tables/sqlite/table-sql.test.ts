import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { SqliteTableSql } from './table-sql.ts';

async function dumped(schema: string, table = 't'): Promise<{ readonly sql: string; readonly rows: number }> {
  using database = new DatabaseSync(':memory:');
  database.exec(schema);
  const writer = new SqliteTableSql({
    database,
    table,
    wiki: 'zzwiki',
    rotaVersion: '1',
    breathe: async () => undefined,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of writer.sql()) chunks.push(chunk);
  return { sql: Buffer.concat(chunks).toString('latin1'), rows: writer.rows };
}

const createOf = (sql: string) => /CREATE TABLE[^;]*/.exec(sql)?.[0];

test('columns and keys become those of MySQL', async () => {
  const { sql } = await dumped(`
    CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, ns INTEGER NOT NULL DEFAULT 0,
      title BLOB NOT NULL DEFAULT '', small SMALLINT UNSIGNED DEFAULT 0 NOT NULL, note CLOB, part REAL);
    CREATE UNIQUE INDEX name_title ON t (ns, title);
    CREATE INDEX lower_note ON t (lower(note));
    INSERT INTO t VALUES (1, -1, 'A', 65535, NULL, 0.5);`);
  assert.equal(
    createOf(sql),
    [
      'CREATE TABLE `t` (',
      '  `id` int NOT NULL AUTO_INCREMENT,',
      '  `ns` int NOT NULL DEFAULT 0,',
      "  `title` varbinary(255) NOT NULL DEFAULT '',",
      '  `small` smallint unsigned NOT NULL DEFAULT 0,',
      '  `note` mediumblob,',
      '  `part` double,',
      '  PRIMARY KEY (`id`),',
      '  UNIQUE KEY `name_title` (`ns`,`title`)',
      ') ENGINE=InnoDB DEFAULT CHARSET=binary',
    ].join('\n'),
  );
  assert.match(sql, /^INSERT INTO `t` VALUES \(1,-1,'A',65535,NULL,0\.5\);$/m);
});

test('values decide where a declaration is too narrow for them', async () => {
  const { sql } = await dumped(`
    CREATE TABLE t (big INTEGER, mixed INTEGER, share INTEGER, positive INTEGER UNSIGNED);
    INSERT INTO t VALUES (9223372036854775807, 'x', 1, 4294967295), (-9223372036854775808, 7, 0.25, NULL);`);
  assert.match(
    sql,
    /`big` bigint,\n {2}`mixed` mediumblob,\n {2}`share` double,\n {2}`positive` int unsigned\n/,
  );
  assert.match(
    sql,
    /VALUES \(9223372036854775807,'x',1,4294967295\),\(-9223372036854775808,'7',0\.25,NULL\);/,
  );
});

test('text and blobs are written as their bytes, whatever they are', async () => {
  const { sql } = await dumped(
    "CREATE TABLE t (a BLOB, b TEXT); INSERT INTO t VALUES (X'00FF1A27', CAST(X'C328220A' AS TEXT))",
  );
  assert.ok(sql.includes(`('\\0\xff\\Z\\'','\xc3(\\"\\n')`));
});

test('keys that InnoDB cannot hold whole are of prefixes and no longer unique', async () => {
  const { sql } = await dumped(`
    CREATE TABLE t (a BLOB, b BLOB, UNIQUE (a, b)); INSERT INTO t VALUES (zeroblob(4000), zeroblob(300));`);
  assert.match(sql, /`a` mediumblob,\n {2}`b` varbinary\(300\),\n {2}KEY `a_b` \(`a`\(255\),`b`\(255\)\)\n/);
});

test('a primary key with NULL in it becomes a unique one', async () => {
  const { sql } = await dumped('CREATE TABLE t (a BLOB PRIMARY KEY); INSERT INTO t VALUES (NULL), (NULL)');
  assert.match(sql, /`a` varbinary\(255\),\n {2}UNIQUE KEY `primary_key` \(`a`\)\n/);
});

test('many rows become INSERTs of about a megabyte', async () => {
  const { sql, rows } = await dumped(`
    CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000)
    INSERT INTO t SELECT i, printf('%060d', i) FROM n;`);
  assert.equal(rows, 45_000);
  const inserts = sql.split('\n').filter((line) => line.startsWith('INSERT'));
  assert.equal(inserts.length, 4);
  assert.ok(inserts.every((line) => line.length < 1_001_000));
});

test('an empty table, one without rowid and one with odd names have their dumps', async () => {
  assert.doesNotMatch((await dumped('CREATE TABLE t (a INTEGER)')).sql, /INSERT/);
  const plain = await dumped("CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO t VALUES ('x')");
  assert.match(plain.sql, /VALUES \('x'\);/);
  const odd = await dumped(
    'CREATE TABLE "o`d""d" ("a""b`" INTEGER); INSERT INTO "o`d""d" VALUES (3)',
    'o`d"d',
  );
  assert.match(odd.sql, /INSERT INTO `o``d"d` VALUES \(3\);/);
});

test('what no MySQL column can hold is refused by name', async () => {
  const schema = 'CREATE TABLE t (a REAL); INSERT INTO t VALUES (9e999)';
  await assert.rejects(dumped(schema), { code: 'TABLE_DUMP_FAILED', message: /column a of the table t/ });
});
