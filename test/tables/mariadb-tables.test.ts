// What the stage `tables` makes of a MariaDB wiki can be loaded again, and holds nothing that it should not.
import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { testBed } from '../support/bed.ts';
import { dropDatabase, sql } from '../support/database.ts';
import { contentOf, filesBelow } from '../support/published.ts';
import { program, requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { loadSql, rowsOf, type StageRun, stageBench } from './tables-bench.ts';

const source = 'rota_tables';
const target = 'rota_tables_loaded';
const oddPassword = `p"a'ss\\w#o;rd =x `;
const skip = requires('mariadb');

describe('tables of a MariaDB wiki', { skip }, () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder();
    await sql(testBed().mariadb, 'mysql', statements());
  });
  after(async () => {
    const { mariadb } = testBed();
    await dropDatabase(mariadb, source);
    await dropDatabase(mariadb, target);
    await sql(
      mariadb,
      'mysql',
      "DROP USER IF EXISTS 'tables_reader'@'localhost', 'tables_reader'@'127.0.0.1'",
    );
    await folder?.[Symbol.asyncDispose]();
  });

  /** A farm of its own with the one wiki; `settings` are keys of the wiki. */
  const benchOf = async (name: string, settings: object = {}, overTcp = false) => {
    const { socket, port } = testBed().mariadb;
    const place = overTcp
      ? `127.0.0.1:${port}/${source}`
      : `localhost/${source}?socket=${encodeURIComponent(socket)}`;
    const config = {
      output: { public: 'open/public', private: 'closed/private' },
      store: 'sqlite:rota.db',
      wikis: {
        tablewiki: {
          database: `mysql://tables_reader@${place}`,
          passwordFile: 'password',
          siteinfo: 'siteinfo.json',
          tablePrefix: 'mw_',
          ...settings,
        },
      },
      jobs: { 'full-dump': { publish: 'whole' } },
    };
    await mkdir(folder.in(name));
    await writeFile(folder.in(name, 'password'), `${oddPassword}\n`, { mode: 0o600 });
    await writeFile(folder.in(name, 'siteinfo.json'), '{}');
    await writeFile(folder.in(name, 'rota.yaml'), stringify(config));
    return await stageBench(folder.in(name), 'tablewiki');
  };

  const assertLoads = async (run: StageRun, table: string) => {
    await sql(testBed().mariadb, 'mysql', `DROP DATABASE IF EXISTS ${target}; CREATE DATABASE ${target}`);
    await loadSql(target, await run.sql(table));
    assert.deepEqual(await rowsOf(target, `mw_${table}`), await rowsOf(source, `mw_${table}`), table);
  };

  it('load again with the same rows, read by an account that may only SELECT', async () => {
    for (const overTcp of [false, true]) {
      const run = await (await benchOf(`same-${overTcp}`, {}, overTcp)).run();
      const files = run.summary.files.map(({ name, audience, counts }) => [name, audience, counts.rows]);
      assert.deepEqual(files, [
        ['tablewiki-20200601-page.sql.gz', 'public', 2000],
        ['tablewiki-20200601-page_props.sql.gz', 'public', 256],
        ['tablewiki-20200601-redirect.sql.gz', 'public', 0],
      ]);
      for (const table of ['page', 'page_props', 'redirect']) await assertLoads(run, table);
    }
  });

  it('have no sandbox line, no host, no date, and one INSERT per line', async () => {
    const run = await (await benchOf('head')).run();
    const text = (await run.sql('page')).toString('latin1');
    assert.match(text, /^-- (MariaDB|MySQL) dump .*\n--\n-- Host: - {4}Database: rota_tables\n/);
    assert.doesNotMatch(text, /sandbox|localhost|^\(/m);
    assert.match(text, /^INSERT INTO `mw_page` VALUES \(1,/m);
    assert.match(text, /\n-- Dump completed\n$/);
  });

  it('are private where they are named so, and nothing of them enters the public side', async () => {
    const tables = { private: ['user', 'nowhere'], extra: ['smw_ids'] };
    const bench = await benchOf('private', { tables });
    const run = await bench.run();
    assert.deepEqual(run.summary.missing, ['nowhere']);
    assert.deepEqual(run.warnings, [{ missing: ['nowhere'] }]);
    const user = run.summary.files.find(({ name }) => name.endsWith('-user.sql.gz'));
    assert.equal(user?.audience, 'private');
    assert.equal(run.summary.files.find(({ name }) => name.endsWith('-smw_ids.sql.gz'))?.audience, 'public');
    await assertLoads(run, 'user');
    const { trees, summary } = run;
    assert.notEqual(trees.public.workRoot, trees.private.workRoot);
    const onPublicSide = await filesBelow(trees.public.workRoot);
    assert.ok(onPublicSide.length > summary.files.length);
    for (const path of onPublicSide) {
      assert.doesNotMatch((await contentOf(path)).toString('latin1'), /secret-mail|p"a'ss/, path);
      assert.doesNotMatch(path, /-user\.sql\.gz|login\.cnf/);
    }
  });

  it('of a private wiki are all private', async () => {
    const run = await (await benchOf('whole', { private: true, tables: { extra: ['smw_ids'] } })).run();
    assert.equal(run.summary.files.length, 4);
    assert.ok(run.summary.files.every(({ audience }) => audience === 'private'));
    assert.deepEqual(await filesBelow(run.trees.public.workRoot), []);
  });

  it('are not dumped a second time by a resumed run', async () => {
    const bench = await benchOf('resume');
    const broken = await brokenProgram(folder.in('broken'), 'page_props');
    await assert.rejects(bench.run({ searchPath: broken }), { code: 'TABLE_DUMP_INTERRUPTED' });
    const run = await bench.run();
    assert.deepEqual(Object.fromEntries(run.attempts), { page: 1, page_props: 2, redirect: 1 });
    await assertLoads(run, 'page_props');
  });

  it('fail in words: no program, no login, no server', async () => {
    const bench = await benchOf('words');
    await assert.rejects(bench.run({ searchPath: folder.path }), {
      code: 'PROGRAM_MISSING',
      message: /mariadb-client/,
    });
    const gone = folder.in('gone');
    await mkdir(gone);
    const real = program('mariadb-dump');
    await writeFile(
      `${gone}/mariadb-dump`,
      `#!/bin/sh\ncase "$1" in --version) exec ${real} "$@";; esac\n` +
        `echo 'mariadb-dump: Error 2013: Lost connection to server during query' >&2; exit 3\n`,
    );
    await chmod(`${gone}/mariadb-dump`, 0o755);
    await assert.rejects(bench.run({ searchPath: gone }), { code: 'DATABASE_UNREACHABLE' });
  });

  it('end at once when the run is aborted, and leave no program and no password behind', async () => {
    const bench = await benchOf('abort');
    const stuck = folder.in('stuck');
    await mkdir(stuck);
    const real = program('mariadb-dump');
    const begun = folder.in('begun');
    await writeFile(
      `${stuck}/mariadb-dump`,
      `#!/bin/sh\ncase "$1" in --version) exec ${real} "$@";; esac\necho '-- begun'; : > ${begun}; exec /bin/sleep 600\n`,
    );
    await chmod(`${stuck}/mariadb-dump`, 0o755);
    const abort = new AbortController();
    const running = bench.run({ searchPath: stuck, signal: abort.signal });
    const watch = setInterval(() => {
      readFile(begun).then(
        () => abort.abort(new Error('asked to stop')),
        () => undefined,
      );
    }, 20);
    await assert.rejects(running, /asked to stop/).finally(() => clearInterval(watch));
    assert.deepEqual([...bench.processGroups], []);
    const left = await filesBelow(bench.workspace);
    assert.deepEqual(
      left.filter((path) => /login|sql/.test(path)),
      [],
    );
    assert.ok((await readdir(bench.workspace)).length > 0);
  });
});

/** A folder with a dump program that stops in the middle of one table, and says that all went well. */
async function brokenProgram(folder: string, table: string): Promise<string> {
  await mkdir(folder);
  const real = program('mariadb-dump');
  await symlink(real, `${folder}/real-dump`);
  await writeFile(
    `${folder}/mariadb-dump`,
    `#!/bin/sh\nfor last; do :; done\nif [ "$last" = mw_${table} ]; then ${real} "$@" | /usr/bin/head -c 3000; exit 0; fi\nexec ${real} "$@"\n`,
  );
  await chmod(`${folder}/mariadb-dump`, 0o755);
  return folder;
}

function statements(): string {
  const account = (host: string) => `
    CREATE OR REPLACE USER 'tables_reader'@'${host}' IDENTIFIED BY '${oddPassword.replace(/[\\']/g, '\\$&')}';
    GRANT SELECT ON ${source}.* TO 'tables_reader'@'${host}';`;
  return `
    DROP DATABASE IF EXISTS ${source}; CREATE DATABASE ${source} CHARACTER SET binary; USE ${source};
    CREATE TABLE mw_page (page_id int unsigned AUTO_INCREMENT PRIMARY KEY, page_title varbinary(255) NOT NULL,
      page_random double unsigned, page_touched binary(14) DEFAULT NULL, doubled bigint AS (page_id * 2) VIRTUAL);
    INSERT INTO mw_page (page_title, page_random, page_touched)
      SELECT CONCAT('Zoë_),\\n(', seq), 1 / seq, IF(seq % 3, '20200101000000', NULL) FROM seq_1_to_2000;
    CREATE TABLE mw_page_props (pp_page int, pp_propname varbinary(60), pp_value mediumblob, pp_sortkey float,
      PRIMARY KEY (pp_page, pp_propname));
    INSERT INTO mw_page_props SELECT seq, CHAR(seq), CONCAT(CHAR(seq), REPEAT(UNHEX(SHA1(seq)), 100)), seq / 7
      FROM seq_0_to_255;
    CREATE TABLE mw_redirect (rd_from int PRIMARY KEY);
    CREATE TABLE mw_user (user_id int PRIMARY KEY, user_email tinyblob);
    INSERT INTO mw_user VALUES (1, 'secret-mail@private.example');
    CREATE TABLE mw_smw_ids (id int); INSERT INTO mw_smw_ids VALUES (7);
    CREATE TABLE user (other int); CREATE TABLE category (other int);
    CREATE VIEW mw_image AS SELECT * FROM mw_user;
    CREATE TRIGGER mw_t BEFORE INSERT ON mw_redirect FOR EACH ROW SET @secret = 1;
    ${account('localhost')} ${account('127.0.0.1')}`;
}
