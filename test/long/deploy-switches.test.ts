import { suite, test } from 'node:test';
import { switchWhileRead } from '../deploy/switch-loop.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('ten thousand switches', { skip: requires('git') }, () => {
  test('no reader misses a file or sees two versions in one folder', async () => {
    await using folder = await temporaryFolder('switches');
    await switchWhileRead(folder.path, { hosts: 4, switches: 2_500 });
  });
});
