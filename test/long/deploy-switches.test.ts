import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { switchWhileRead } from '../deploy/switch-loop.ts';
import { requires } from '../support/requirements.ts';

suite('switching ten thousand times', { skip: requires('git') }, () => {
  test('a reader in a loop never misses a file and never sees two versions in one folder', async () => {
    // Every switch is synced: in memory it is the switches that take the time.
    const memory = '/dev/shm';
    const parent = await access(memory, constants.W_OK).then(
      () => memory,
      () => tmpdir(),
    );
    const folder = await mkdtemp(join(parent, 'rota-switches-'));
    try {
      await switchWhileRead(folder, { hosts: 1, switches: 10_000, together: 500 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
