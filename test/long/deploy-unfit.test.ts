import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { requiresRoot } from '../support/requirements.ts';
import { signalTree } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('a staging tree of which no version can be made', () => {
  test('is said by a plan, which then ends, whatever hosts are at', async () => {
    await using folder = await temporaryFolder('unfit');
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 3));
    await symlink('/etc/hostname', join(farm.folder, 'code/out'));
    const child = farm.start('push', '--plan');
    const late = setTimeout(() => signalTree(child, 'SIGKILL'), 60_000);
    const { exitCode, stderr } = await child;
    clearTimeout(late);
    assert.match(
      Buffer.from(stderr ?? []).toString(),
      /SOURCE_UNFIT: The symbolic link out in .* leads out of the tree/,
    );
    assert.equal(exitCode, 1, 'it did not end');
  });

  test('for want of room here is no fault of the tree', { skip: requiresRoot() }, async () => {
    await using folder = await temporaryFolder('no-room');
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 1));
    const versions = join(farm.folder, 'deploy');
    await mkdir(versions);
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', versions]);
    await using _mount = {
      [Symbol.asyncDispose]: async () => void (await execa('umount', ['-l', versions])),
    };
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await farm.write('index.php', 'two');
    await farm.write('big', randomBytes(4_000_000));
    const full = await farm.rota('push');
    assert.match(full.stderr, /DISK_FULL: .*prod\.git has no room/);
    assert.equal(full.status, 1);
    await rm(join(farm.folder, 'code/big'));
    const next = await farm.rota('push');
    assert.equal(next.status, 0, next.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two']);
  });
});
