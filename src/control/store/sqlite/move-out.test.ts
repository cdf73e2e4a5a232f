import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { systemClock as clock } from '../../../core/clock.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import type { StoredThing } from '../stored-state.ts';
import { id } from '../testing/store-fixture.ts';
import { moveOutOfSqlite } from './move-out.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-move-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Moves the file in a process of its own, which kills itself when it has everything in hand. */
function killedMove(file: string) {
  const module = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href);
  const program = `
    const { moveOutOfSqlite } = await import(${module('move-out.ts')});
    const { systemClock: clock } = await import(${module('../../../core/clock.ts')});
    await moveOutOfSqlite({
      file: ${JSON.stringify(file)}, clock, to: 'elsewhere',
      take: async () => process.kill(process.pid, 'SIGKILL'),
    });`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 60_000 });
}

test('a move whose process is killed has moved nothing: the file is in use, and the move can be repeated', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'rota.db');
    {
      await using store = await openSqliteStore({ file, clock });
      await store.createRun({ id: id('before') });
    }
    assert.equal(killedMove(file).signal, 'SIGKILL');
    {
      await using store = await openSqliteStore({ file, clock });
      await store.createRun({ id: id('after') });
    }
    const taken: StoredThing[] = [];
    await moveOutOfSqlite({
      file,
      clock,
      to: 'elsewhere',
      take: async (things) => void taken.push(...things),
    });
    const runs = taken.flatMap((thing) => (thing.kind === 'run' ? [thing.run.subject] : []));
    assert.deepEqual(runs.toSorted(), ['after', 'before']);
    await assert.rejects(openSqliteStore({ file, clock }), (e) => isRotaError(e, 'STORE_MOVED'));
  });
});

test('what others ask of a store while it moves is done when the move fails', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'rota.db');
    await using store = await openSqliteStore({ file, clock });
    let asked: Promise<unknown> | undefined;
    const move = moveOutOfSqlite({
      file,
      clock,
      to: 'elsewhere',
      take: async () => {
        asked = store.createRun({ id: id('meanwhile') });
        throw new Error('the cable was pulled');
      },
    });
    await assert.rejects(move, /cable/);
    await asked;
    assert.equal((await store.readRun({ id: id('meanwhile') }))?.state, 'waiting');
  });
});

test('a file that is not there, or is empty, is not moved and not made', async () => {
  await withFolder(async (folder) => {
    const take = async () => assert.fail('something was taken');
    for (const [name, why] of [
      ['typo.db', 'is not there'],
      ['empty.db', 'is empty'],
    ] as const) {
      if (name === 'empty.db') await writeFile(join(folder, name), '');
      const move = moveOutOfSqlite({ file: join(folder, name), clock, to: 'elsewhere', take });
      await assert.rejects(move, (e) => isRotaError(e, 'STORE_UNREADABLE') && e.message.includes(why));
    }
    assert.deepEqual(await readdir(folder), ['empty.db']);
  });
});
