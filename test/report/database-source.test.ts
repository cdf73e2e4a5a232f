import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { silentLog } from '../../src/core/log.ts';
import { Secret } from '../../src/core/secret.ts';
import { defaultTrackerOptions } from '../../src/demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../../src/demo/tracker/write-tracker-dump.ts';
import { loadTracker } from '../../src/jobs/report/load/load-tracker.ts';
import { DatabaseSource } from '../../src/jobs/report/phabricator/database/database-source.ts';
import { DumpSource } from '../../src/jobs/report/phabricator/dump/dump-source.ts';
import type { TrackerSource } from '../../src/jobs/report/phabricator/source/tracker-source.ts';
import { DataFile } from '../../src/jobs/report/store/data-file.ts';
import { connectAsRoot } from '../support/database.ts';
import { type RunningMariadb, startMariadb } from '../support/mariadb.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

// The tracker's own databases, on a real server: what is read of them is what the dump of the same tracker gives.

/** The columns of Phorge's tables that Rota reads, of the types that Phorge gives them. */
const schema = `
CREATE DATABASE phorge_maniphest DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE phorge_project DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE phorge_maniphest.maniphest_task (
  id int unsigned PRIMARY KEY, phid varbinary(64) NOT NULL UNIQUE, status varchar(64) NOT NULL, priority int unsigned NOT NULL,
  title longtext NOT NULL, dateCreated int unsigned NOT NULL, viewPolicy varbinary(64) NOT NULL, spacePHID varbinary(64), points double);
CREATE TABLE phorge_maniphest.maniphest_transaction (
  id int unsigned PRIMARY KEY, objectPHID varbinary(64) NOT NULL, transactionType varchar(32) NOT NULL, oldValue longtext NOT NULL,
  newValue longtext NOT NULL, metadata longtext NOT NULL, dateCreated int unsigned NOT NULL, KEY (objectPHID));
CREATE TABLE phorge_maniphest.edge (
  src varbinary(64) NOT NULL, type int unsigned NOT NULL, dst varbinary(64) NOT NULL, dateCreated int unsigned NOT NULL,
  seq int unsigned NOT NULL, PRIMARY KEY (src, type, dst));
CREATE TABLE phorge_project.project (
  id int unsigned PRIMARY KEY, name varchar(128) NOT NULL, phid varbinary(64) NOT NULL, viewPolicy varbinary(64) NOT NULL, spacePHID varbinary(64));
CREATE TABLE phorge_project.project_column (
  id int unsigned PRIMARY KEY, phid varbinary(64) NOT NULL, name varchar(255) NOT NULL, status int unsigned NOT NULL,
  projectPHID varbinary(64) NOT NULL, properties longtext NOT NULL);
GRANT SELECT ON \`phorge\\_%\`.* TO 'reader'@'localhost';`;

type Row = readonly unknown[];

describe('the databases of a tracker', { skip: requires('mariadb') }, () => {
  let folder: TemporaryFolder;
  let server: RunningMariadb;
  let dump: string;

  before(async () => {
    folder = await temporaryFolder('phorge');
    server = await startMariadb(folder.path);
    dump = folder.in('tracker.dump');
    const options = { ...defaultTrackerOptions, tasks: 700, oddities: 0.3 };
    await writeTrackerDump(dump, options, { signal: new AbortController().signal });
    await fill(JSON.parse(await readFile(dump, 'utf8')));
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  async function fill(whole: {
    readonly task: Readonly<
      Record<
        string,
        { info: Row; transactions: Record<string, readonly Row[] | null>; edge?: readonly Row[] }
      >
    >;
    readonly project: { readonly projects: readonly Row[]; readonly columns: readonly Row[] };
  }): Promise<void> {
    await using root = await connectAsRoot(server);
    await root.query(schema);
    const insert = async (table: string, rows: readonly Row[]) => {
      for (let at = 0; at < rows.length; at += 500)
        await root.query(`INSERT INTO ${table} VALUES ?`, [rows.slice(at, at + 500)]);
    };
    const tasks = Object.values(whole.task);
    await insert('phorge_maniphest.maniphest_task', [
      ...tasks.map(({ info: i }) => [i[0], i[1], i[4], i[5], i[6], i[7], 'public', null, i[10]]),
      [9001, 'PHID-TASK-secret', 'open', 50, 'Only for some', 1_700_000_000, 'users', null, null],
      [9002, 'PHID-TASK-spaced', 'open', 50, 'In a space', 1_700_000_000, 'public', 'PHID-SPCE-x', null],
    ]);
    await insert(
      'phorge_maniphest.maniphest_transaction',
      tasks.flatMap(({ transactions }) =>
        Object.values(transactions).flatMap((rows) =>
          (rows ?? []).map((r) => [r[0], r[3], r[6], r[7], r[8], r[9], r[10]]),
        ),
      ),
    );
    await insert(
      'phorge_maniphest.edge',
      tasks.flatMap(({ edge = [] }) => edge.map((e) => [e[0], e[1], e[2], e[3], e[4]])),
    );
    await insert('phorge_project.project', [
      ...whole.project.projects.map((p) => [p[0], p[1], p[2], 'public', null]),
      [7000, 'A secret project', 'PHID-PROJ-secret', 'users', null],
    ]);
    await insert(
      'phorge_project.project_column',
      whole.project.columns.map((c) => [c[0], c[1], c[2], c[3], c[5], c[8]]),
    );
  }

  const address = (password = server.reader.password) => ({
    kind: 'mysql' as const,
    host: 'localhost',
    port: server.port,
    socketPath: server.socket,
    user: server.reader.user,
    database: 'phorge',
    password: new Secret(password),
    tls: null,
  });
  const source = (isAll = false) =>
    new DatabaseSource({ kind: 'database', address: address(), prefix: 'phorge', isAll });

  async function contents(from: TrackerSource, name: string, previous: string | null = null) {
    const data = { memoryBytes: 64e6, threads: 1, temporaryFolder: folder.in('tmp') };
    const result = await loadTracker({
      source: from,
      target: folder.in(name),
      previous: previous === null ? null : folder.in(previous),
      complete: false,
      tolerance: 0,
      data,
      clock: systemClock,
      log: silentLog,
      signal: new AbortController().signal,
      progress: () => {},
    });
    await using file = await DataFile.openReadOnly(folder.in(name), data);
    const tables: Record<string, readonly string[]> = {};
    for (const table of [
      'task',
      'task_state',
      'membership',
      'board_position',
      'parent',
      'project',
      'board_column',
    ]) {
      const columns = table === 'task' ? '* EXCLUDE (digest, transactions)' : '*';
      tables[table] = (await file.rows(`SELECT ${columns} FROM ${table}`))
        .map((row) => JSON.stringify(row))
        .sort();
    }
    return { result, tables };
  }

  it('give the same histories as the dump of the same tracker, and nothing that only some may see', async () => {
    const expected = await contents(new DumpSource(dump), 'dump.duckdb');
    const found = await contents(source(), 'database.duckdb');
    assert.deepEqual(found.tables, expected.tables);
    assert.equal(found.result.tasks, 700);
  });

  it('are read again only where tasks changed', async () => {
    const { result } = await contents(source(), 'again.duckdb', 'database.duckdb');
    assert.equal(result.unchanged, 700);
    const all = await contents(source(true), 'all.duckdb', 'database.duckdb');
    assert.deepEqual([all.result.tasks, all.result.unchanged], [702, 700]);
  });

  it('are tried without reading them: a table that is missing, or forbidden, is told', async () => {
    await source().look();
    const other = new DatabaseSource({
      kind: 'database',
      address: address(),
      prefix: 'phabricator',
      isAll: false,
    });
    await assert.rejects(other.look(), (error) => isRotaError(error, 'TRACKER_UNREACHABLE'));
  });

  it('that do not let Rota in are named, without the password', async () => {
    const wrong = new DatabaseSource({
      kind: 'database',
      address: address('wrong-word'),
      prefix: 'phorge',
      isAll: false,
    });
    await assert.rejects(contents(wrong, 'wrong.duckdb'), (error) => {
      assert.ok(isRotaError(error, 'TRACKER_UNREACHABLE'));
      assert.doesNotMatch(error.message, /wrong-word/);
      return true;
    });
  });
});
