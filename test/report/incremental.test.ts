import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { silentLog } from '../../src/core/log.ts';
import { defaultTrackerOptions } from '../../src/demo/tracker/tracker-options.ts';
import { writeTrackerDump } from '../../src/demo/tracker/write-tracker-dump.ts';
import { checkLoaded, loadTracker } from '../../src/jobs/report/load/load-tracker.ts';
import { DumpSource } from '../../src/jobs/report/phabricator/dump/dump-source.ts';
import { DataFile } from '../../src/jobs/report/store/data-file.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

// Incremental loads against complete ones, and dumps that are damaged.

let folder: TemporaryFolder;
before(async () => {
  folder = await temporaryFolder('report');
});
after(() => folder[Symbol.asyncDispose]());

const data = () => ({ memoryBytes: 64e6, threads: 1, temporaryFolder: folder.in('tmp') });

async function writeDump(name: string, asOf: string, tasks = 500): Promise<string> {
  const file = folder.in(name);
  const options = { ...defaultTrackerOptions, tasks, asOf, oddities: 0.3 };
  await writeTrackerDump(file, options, { signal: new AbortController().signal });
  return file;
}

async function load(
  dump: string,
  target: string,
  previous: string | null,
  more: { complete?: boolean; tolerance?: number } = {},
) {
  const path = folder.in(target);
  const result = await loadTracker({
    source: new DumpSource(dump),
    target: path,
    previous: previous === null ? null : folder.in(previous),
    complete: more.complete ?? false,
    tolerance: more.tolerance ?? 0,
    data: data(),
    clock: systemClock,
    log: silentLog,
    signal: new AbortController().signal,
    progress: () => {},
  });
  await checkLoaded(path, result, data());
  return result;
}

/** Every row of every table but the load's own facts, in an order of its own. */
async function contents(name: string): Promise<Readonly<Record<string, readonly string[]>>> {
  await using file = await DataFile.openReadOnly(folder.in(name), data());
  const tables = [
    'task',
    'task_state',
    'membership',
    'board_position',
    'parent_event',
    'parent',
    'project',
    'board_column',
    'set_aside',
  ];
  const found: Record<string, readonly string[]> = {};
  for (const table of tables) {
    found[table] = (await file.rows(`SELECT * FROM ${table}`)).map((row) => JSON.stringify(row)).sort();
  }
  return found;
}

test('incremental loads, day after day, hold exactly what complete ones do', async () => {
  let previous: string | null = null;
  for (const [i, day] of ['2026-06-01', '2026-06-02', '2026-07-15', '2026-11-22'].entries()) {
    const dump = await writeDump(`day${i}.dump`, day);
    const incremental = await load(dump, `incremental${i}.duckdb`, previous);
    const complete = await load(dump, `complete${i}.duckdb`, previous, { complete: true });
    assert.equal(complete.unchanged, 0);
    if (i > 0) assert.ok(incremental.unchanged > 100, `${incremental.unchanged} tasks were taken over`);
    assert.deepEqual(await contents(`incremental${i}.duckdb`), await contents(`complete${i}.duckdb`), day);
    previous = `incremental${i}.duckdb`;
  }
});

test('tasks that vanished are removed, and counted as gone, by both kinds of load', async () => {
  const dump = await writeDump('all.dump', '2026-11-22', 120);
  await load(dump, 'all.duckdb', null);
  const whole = JSON.parse(await readFile(dump, 'utf8'));
  for (const id of ['5', '17', '60']) delete whole.task[id];
  const fewer = folder.in('fewer.dump');
  await writeFile(fewer, JSON.stringify(whole));
  for (const complete of [false, true]) {
    const result = await load(fewer, `fewer-${complete}.duckdb`, 'all.duckdb', { complete });
    assert.equal(result.gone, 3);
    assert.equal(result.tasks, 117);
  }
  assert.deepEqual(await contents('fewer-false.duckdb'), await contents('fewer-true.duckdb'));
});

test('damaged tasks are set aside with their reason, up to the tolerance; the others are loaded', async () => {
  const text = await readFile(await writeDump('good.dump', '2026-11-22', 60), 'utf8');
  const broken = text
    .replace('"7": {"info": [7, ', '"7": {"info": [8, ')
    .replace('"9": {"info": [9, ', '"9": {"info": [9 ')
    .replace(/("12": \{"info": \[12, "[^"]+)"/, '$1');
  const dump = folder.in('broken.dump');
  await writeFile(dump, broken);
  const result = await load(dump, 'broken.duckdb', null, { tolerance: 3 });
  assert.equal(result.setAside, 3);
  assert.equal(result.tasks, 57);
  const { set_aside: rows } = await contents('broken.duckdb');
  assert.deepEqual(
    rows?.map((row) => JSON.parse(row)[0]),
    ['12', '7', '9'],
  );
  await assert.rejects(load(dump, 'refused.duckdb', null, { tolerance: 2 }), (error) =>
    isRotaError(error, 'TASKS_SET_ASIDE'),
  );
});

test('a dump that was cut off anywhere is refused', async () => {
  const dump = await writeDump('cut.dump', '2026-11-22', 20);
  const { length } = await readFile(dump);
  for (const bytes of [length - 1, length - 200, length >> 1, 9, 0]) {
    await truncate(dump, bytes);
    await assert.rejects(
      load(dump, 'cut.duckdb', null),
      (error) => isRotaError(error, 'DUMP_TRUNCATED'),
      `${bytes}`,
    );
  }
});
