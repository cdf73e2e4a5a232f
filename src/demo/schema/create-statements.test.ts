import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createStatements } from './create-statements.ts';
import { schemaVersions } from './schema-version.ts';
import { table } from './table.ts';
import { wikiTables } from './wiki-tables.ts';

for (const version of schemaVersions) {
  test(`SQLite takes the tables of ${version}, twice`, () => {
    const database = new DatabaseSync(':memory:');
    for (let round = 0; round < 2; round += 1) {
      for (const shape of wikiTables(version)) {
        for (const statement of createStatements(shape, 'sqlite')) database.exec(statement);
      }
    }
    const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    assert.equal(new Set(names.map((row) => row.name)).has('revision'), true);
    database.close();
  });
}

test('the versions differ where MediaWiki differs', () => {
  const names = (version: '1.35' | '1.39' | '1.43'): readonly string[] =>
    wikiTables(version).map((shape) => shape.name);
  assert.ok(names('1.35').includes('revision_actor_temp'));
  assert.ok(!names('1.39').includes('revision_actor_temp'));
  assert.ok(names('1.39').includes('revision_comment_temp'));
  assert.ok(!names('1.43').includes('revision_comment_temp'));
  assert.ok(!names('1.35').includes('linktarget'));
  assert.ok(names('1.43').includes('block') && !names('1.43').includes('ipblocks'));
});

test('a table is written in both dialects', () => {
  const shape = table('user', ['user_id id32', "user_name vb255 =''", 'user_note tinyblob null'], {
    unique: ['user_name: user_name(20)'],
  });
  assert.equal(
    createStatements(shape, 'mysql')[1],
    "CREATE TABLE `user` (\n  user_id int unsigned NOT NULL AUTO_INCREMENT,\n  user_name varbinary(255) NOT NULL DEFAULT '',\n  user_note tinyblob DEFAULT NULL,\n  PRIMARY KEY (user_id),\n  UNIQUE KEY user_name (user_name(20))\n) ENGINE=InnoDB DEFAULT CHARSET=binary",
  );
  assert.deepEqual(createStatements(shape, 'sqlite').slice(1), [
    'CREATE TABLE "user" (\n  user_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,\n  user_name BLOB NOT NULL DEFAULT \'\',\n  user_note BLOB DEFAULT NULL\n)',
    'CREATE UNIQUE INDEX user_name ON "user" (user_name)',
  ]);
});
