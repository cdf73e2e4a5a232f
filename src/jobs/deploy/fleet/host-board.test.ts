import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HostBoard } from './host-board.ts';

test('a board is written where it has changed, and not where it has not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rota-board-'));
  try {
    // Each writing makes a new file.
    const inode = async () => (await stat(join(folder, 'hosts.json'))).ino;
    const board = await HostBoard.open(folder);
    board.see('h1', 'a', null);
    await board.save();
    const first = await inode();
    await board.save();
    const again = await HostBoard.open(folder);
    await again.save();
    assert.equal(await inode(), first);
    again.set('h1', 'prepared', 'b');
    await again.save();
    assert.notEqual(await inode(), first);
    const { h1 } = JSON.parse(await readFile(join(folder, 'hosts.json'), 'utf8'));
    assert.deepEqual(h1, { state: 'prepared', before: 'a', previous: null, slot: 'b' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
