import assert from 'node:assert/strict';
import { readdir, rename, rm } from 'node:fs/promises';
import { test } from 'node:test';
import { DataFile } from '../../src/jobs/report/store/data-file.ts';
import { runRota } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// The file of a load between two processes: the engine's lock holds while it is written, and readers keep what they opened.

test('a file that is being written is open to nobody else; finished, it is one file that any process reads', async () => {
  await using folder = await temporaryFolder('data');
  const path = folder.in('tracker.duckdb');
  const options = { memoryBytes: 64e6, threads: 1, temporaryFolder: folder.in('tmp') };
  const ask = () => runRota(['report', 'sql', 'SELECT sum(i) AS n FROM t', '--data', path, '--json']);
  const file = await DataFile.create(path, options);
  await file.run('CREATE TABLE t AS SELECT i FROM range(100) AS r(i)');
  const early = await ask();
  assert.equal(early.status, 1);
  assert.match(early.stderr, /REPORT_DATA_UNREADABLE.*lock/i);
  // Still held after the other process looked.
  await file.run('INSERT INTO t VALUES (50)');
  await file.finish();
  assert.deepEqual(await readdir(folder.path), ['tracker.duckdb']);
  const { status, stdout, stderr } = await ask();
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout.toString()), { n: '5000' });
});

test('readers keep the file that they opened, also when another takes its name or it is removed', async () => {
  await using folder = await temporaryFolder('data');
  const options = { memoryBytes: 64e6, threads: 1, temporaryFolder: folder.in('tmp') };
  const make = async (name: string, value: number) => {
    const file = await DataFile.create(folder.in(name), options);
    await file.run(`CREATE TABLE t AS SELECT ${value} AS i, repeat('x', 3000) AS pad FROM range(2000)`);
    await file.finish();
  };
  await make('one.duckdb', 1);
  await make('two.duckdb', 2);
  await using reader = await DataFile.openReadOnly(folder.in('one.duckdb'), options);
  await rename(folder.in('two.duckdb'), folder.in('one.duckdb'));
  assert.equal(await reader.number('SELECT sum(i + length(pad)) FROM t'), 2000 * 3001);
  await rm(folder.in('one.duckdb'));
  assert.equal(await reader.number('SELECT sum(i + length(pad)) FROM t'), 2000 * 3001);
});
