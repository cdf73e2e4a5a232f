import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { requires, requiresRoot } from '../support/requirements.ts';
import { startSshHosts } from '../support/ssh-hosts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';
import { switchWhileRead } from './switch-loop.ts';

suite('hosts that fail', { skip: requires('sshd') }, () => {
  test('one that hangs is named after its deadline, the others go on, and it catches up later', async () => {
    await using folder = await temporaryFolder('hang');
    await using hosts = await startSshHosts(folder.in('net'), 3);
    const ssh = { ...(hosts.settings.ssh as object), connectTimeout: '40s' };
    const farm = await makeDeployFarm(folder.in('farm'), hosts, {
      ssh,
      groups: [{ name: 'all', failureLimit: 1 }],
    });
    await farm.write('index.php', 'one');
    const first = await farm.rota('push');
    assert.equal(first.status, 0, first.stderr);
    hosts.freeze('h2');
    await farm.write('index.php', 'two');
    const result = await farm.rota('push');
    assert.equal(result.status, 3, result.stderr);
    assert.match(result.stdout.toString(), /1 of 3 hosts does not serve .* as it should: .*h2/);
    hosts.thaw('h2');
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one', 'two']);
    const late = await farm.rota('deploy', 'catch-up');
    assert.equal(late.status, 0, late.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
  });
});

suite('a disk without room', { skip: requires('git') || requiresRoot() }, () => {
  test('is named, what is served stays whole, and the next deployment goes through', async () => {
    await using folder = await temporaryFolder('full');
    const hosts = localHosts(folder.path, 2);
    const mounted = join(folder.path, 'targets', 'h1');
    await mkdir(mounted, { recursive: true });
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mounted]);
    await using _mount = { [Symbol.asyncDispose]: async () => void (await execa('umount', ['-l', mounted])) };
    const farm = await makeDeployFarm(folder.path, hosts);
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await farm.write('big', randomBytes(6_000_000));
    await farm.write('index.php', 'two');
    const result = await farm.rota('push');
    assert.equal(result.status, 1);
    assert.match(result.stderr, /TARGET_DISK_FULL|h1 has no room left/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
    await rm(join(farm.folder, 'code/big'));
    const next = await farm.rota('push');
    assert.equal(next.status, 0, next.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two']);
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
  });
});

suite('switching', { skip: requires('git') }, () => {
  test('a reader in a loop never misses a file and never sees two versions in one folder', async () => {
    await using folder = await temporaryFolder('switch');
    await switchWhileRead(folder.path, { hosts: 1, switches: 100 });
  });
});
