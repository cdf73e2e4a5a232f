import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../core/clock.ts';
import { Connection } from './connection.ts';

test('what waits for no disk is seen by others, and what follows it waits again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rota-connection-'));
  const open = () =>
    new Connection({ file: join(folder, 'rota.db'), clock: systemClock, place: { bootId: 'b' } });
  const [one, other] = [open(), open()];
  try {
    const full = 2;
    const level = () => one.one<{ synchronous: number }>('PRAGMA synchronous')?.synchronous;
    one.write(() => one.exec('CREATE TABLE t (x)'));
    one.writeUnsynced(() => one.run('INSERT INTO t VALUES (1)'));
    assert.equal(level(), full);
    const refused = new Error('refused');
    const failing = () => {
      one.run('INSERT INTO t VALUES (2)');
      throw refused;
    };
    assert.throws(() => one.writeUnsynced(failing), refused);
    assert.equal(level(), full);
    assert.deepEqual(
      other.all<{ x: number }>('SELECT x FROM t').map(({ x }) => x),
      [1],
    );
  } finally {
    one.close();
    other.close();
    await rm(folder, { recursive: true });
  }
});
