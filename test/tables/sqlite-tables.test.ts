// The tables of an SQLite wiki, written by Rota in MySQL's dialect, load into MariaDB with the same values.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { testBed } from '../support/bed.ts';
import { dropDatabase, sql } from '../support/database.ts';
import { filesBelow } from '../support/published.ts';
import { mediawikiFolder, requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { loadSql, rowsOf, type StageRun, stageBench } from './tables-bench.ts';

const target = 'rota_sqlite_loaded';
const schemaFile = join(mediawikiFolder(), 'maintenance/sqlite/tables-generated.sql');
const skip = requires('mariadb', 'mediawiki') || (existsSync(schemaFile) ? false : `needs ${schemaFile}`);
const rowCount = 3000;

describe('tables of an SQLite wiki', { skip }, () => {
  let folder: TemporaryFolder;
  let run: StageRun;
  let wiki: DatabaseSync;
  before(async () => {
    folder = await temporaryFolder();
    wiki = new DatabaseSync(folder.in('wiki.sqlite'));
    wiki.exec(readFileSync(schemaFile, 'utf8').replaceAll('/*_*/', ''));
    fill(wiki);
    const config = {
      output: { public: 'open/public', private: 'closed/private' },
      store: 'sqlite:rota.db',
      wikis: {
        litewiki: {
          database: 'sqlite:wiki.sqlite',
          siteinfo: 'siteinfo.json',
          tables: { private: ['user'] },
        },
      },
      jobs: { 'full-dump': { publish: 'whole' } },
    };
    await writeFile(folder.in('siteinfo.json'), '{}');
    await writeFile(folder.in('rota.yaml'), stringify(config));
    run = await (await stageBench(folder.path, 'litewiki')).run();
    const { mariadb } = testBed();
    await sql(mariadb, 'mysql', `DROP DATABASE IF EXISTS ${target}; CREATE DATABASE ${target}`);
  });
  after(async () => {
    wiki?.close();
    await dropDatabase(testBed().mariadb, target);
    await folder?.[Symbol.asyncDispose]();
  });

  it('are those of the allow-list that the schema has, and the private one that was named', () => {
    const names = run.summary.files.map(({ name }) => name.replace(/^litewiki-\d+-|\.sql\.gz$/g, ''));
    for (const table of ['page', 'page_props', 'pagelinks', 'image', 'site_stats', 'user'])
      assert.ok(names.includes(table), table);
    const privates = run.summary.files.filter(({ audience }) => audience === 'private');
    assert.deepEqual(
      privates.map(({ name }) => name),
      ['litewiki-20200601-user.sql.gz'],
    );
  });

  it('all load, with every value as its bytes', async () => {
    for (const { name } of run.summary.files) {
      const table = name.replace(/^litewiki-\d+-|\.sql\.gz$/g, '');
      await loadSql(target, await run.sql(table));
      assert.deepEqual(await rowsOf(target, table), rowsOfSqlite(wiki, table), table);
    }
    const counts = Object.fromEntries(run.summary.files.map(({ name, counts: { rows } }) => [name, rows]));
    assert.equal(counts['litewiki-20200601-page.sql.gz'], rowCount);
    assert.equal(counts['litewiki-20200601-page_props.sql.gz'], 256);
  });

  it('keep their keys', async () => {
    const [created] = await sql(testBed().mariadb, target, 'SHOW CREATE TABLE page');
    const text = created?.[1] ?? '';
    assert.match(text, /AUTO_INCREMENT/);
    assert.match(text, /PRIMARY KEY \(`page_id`\)/);
    assert.match(text, /UNIQUE KEY `page_name_title` \(`page_namespace`,`page_title`\)/);
  });

  it('leave nothing of the copy, and nothing private on the public side', async () => {
    const files = await filesBelow(run.trees.public.workRoot);
    assert.ok(files.length > 5);
    assert.deepEqual(
      files.filter((path) => /sqlite|copy\.json|-user\.sql/.test(path)),
      [],
    );
  });
});

function fill(wiki: DatabaseSync): void {
  wiki.exec('BEGIN');
  const page = wiki.prepare(
    `INSERT INTO page (page_id, page_namespace, page_title, page_random, page_touched, page_latest, page_len)
      VALUES (?, ?, CAST(? AS TEXT), ?, '20200101000000', ?, ?)`,
  );
  for (let id = 1; id <= rowCount; id++)
    page.run(id, (id % 5) - 1, Buffer.from(`Zoë's_\\_"${id}"`), 1 / id, id * 2, id === 7 ? 2 ** 40 : id);
  const prop = wiki.prepare(
    'INSERT INTO page_props (pp_page, pp_propname, pp_value, pp_sortkey) VALUES (?, ?, ?, ?)',
  );
  for (let byte = 0; byte < 256; byte++)
    prop.run(byte, `p${byte}`, Buffer.alloc(byte + 1, byte), byte % 3 === 0 ? null : byte / 4);
  wiki.exec(`INSERT INTO user (user_name, user_email, user_password, user_newpassword, user_touched)
    VALUES ('Ann', 'secret@private.example', X'', X'', '20200101000000')`);
  wiki.exec('INSERT INTO site_stats (ss_row_id, ss_total_edits) VALUES (1, 9223372036854775807)');
  wiki.exec('COMMIT');
}

/** As {@link rowsOf}: what MariaDB sends of a value is its text. */
function rowsOfSqlite(wiki: DatabaseSync, table: string): readonly string[] {
  const columns = wiki
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map(({ name }) => `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END`);
  const statement = wiki.prepare(`SELECT ${columns.join(', ')} FROM ${table}`);
  statement.setReturnArrays(true);
  statement.setReadBigInts(true);
  const hex = (value: unknown) =>
    value === null ? null : Buffer.from(value instanceof Uint8Array ? value : String(value)).toString('hex');
  return (statement.all() as unknown as unknown[][]).map((row) => JSON.stringify(row.map(hex))).sort();
}
