import assert from 'node:assert/strict';
import { chmod, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { requires } from '../support/requirements.ts';
import { type SshHosts, startSshHosts } from '../support/ssh-hosts.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { type DeployFarm, makeDeployFarm } from './deploy-farm.ts';

const groups = [
  { name: 'canary', hosts: ['h1'] },
  { name: 'all', batch: 2 },
];

suite('deploying to hosts over ssh', { skip: requires('sshd') }, () => {
  let folder: TemporaryFolder;
  let hosts: SshHosts;
  let farm: DeployFarm;
  before(async () => {
    folder = await temporaryFolder('push');
    hosts = await startSshHosts(folder.in('net'), 4).catch(async (error) => {
      await folder[Symbol.asyncDispose]();
      throw error;
    });
    farm = await makeDeployFarm(folder.in('farm'), hosts, {
      groups,
      keep: 3,
      checks: [{ name: 'answers', command: 'test "$(cat index.php)" != broken' }],
    });
  });
  after(async () => {
    await hosts[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  test('a first deployment brings every byte to every host, names and modes included', async () => {
    await farm.write('index.php', 'one');
    await farm.write("odd $(touch owned) 'name'\n-x/ü ", Buffer.from([0, 255, 13, 10]));
    await farm.write('bin/run', '#!/bin/sh\n');
    await chmod(join(farm.folder, 'code/bin/run'), 0o755);
    await symlink('../index.php', join(farm.folder, 'code/bin/link'));
    const result = await farm.rota('push', 'prod');
    assert.equal(result.status, 0, result.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one', 'one']);
    for (const host of hosts.names) {
      const odd = await farm.served(host, "odd $(touch owned) 'name'\n-x/ü ");
      assert.equal(odd, Buffer.from([0, 255, 13, 10]).toString('utf8'));
      assert.equal(await readlink(join(hosts.folderOf(host), 'bin/link')), '../index.php');
    }
    const verified = await farm.rota('deploy', 'verify', '--content');
    assert.equal(verified.status, 0, verified.stderr);
  });

  test('one changed file, a file that becomes a folder, and one that goes', async () => {
    await farm.write('index.php', 'two');
    await rm(join(farm.folder, 'code/bin'), { recursive: true });
    await farm.write('bin', 'a file now');
    const result = await farm.rota('push');
    assert.equal(result.status, 0, result.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two', 'two']);
    assert.deepEqual(new Set(await farm.servedByAll('bin')), new Set(['a file now']));
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
  });

  test('a version that is equal is used again, and a rollback goes to the one before', async () => {
    const again = await farm.rota('push', '--json');
    assert.equal(again.status, 0, again.stderr);
    const last = JSON.parse(again.stdout.toString().trim().split('\n').at(-1) ?? '{}');
    assert.match(last.version, /^\d{8}-0002$/);
    const back = await farm.rota('deploy', 'rollback');
    assert.equal(back.status, 0, back.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one', 'one']);
    const status = await farm.rota('deploy', 'status');
    assert.equal(status.status, 0, status.stdout.toString());
  });

  test('a check that fails on the canary takes it back, and no other host is touched', async () => {
    await farm.write('index.php', 'broken');
    const result = await farm.rota('push');
    assert.equal(result.status, 1);
    assert.match(result.stderr, /DEPLOY_ROLLED_BACK: check answers on h1/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one', 'one']);
  });

  test('what was changed on a host is found, and gone with the next version', async () => {
    await farm.write('index.php', 'three');
    await writeFile(join(hosts.folderOf('h2'), 'index.php'), 'edited');
    await writeFile(join(hosts.folderOf('h3'), 'new file'), 'left behind');
    const drift = await farm.rota('deploy', 'verify', '--json');
    assert.equal(drift.status, 1);
    const rows = drift.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(rows, [
      { host: 'h2', kind: 'modified', path: 'index.php' },
      { host: 'h3', kind: 'added', path: 'new file' },
    ]);
    // Enough versions that the modified folder is made into another.
    for (const text of ['three', 'four', 'seven']) {
      await farm.write('index.php', text);
      const result = await farm.rota('push');
      assert.equal(result.status, 0, result.stderr);
    }
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
    assert.deepEqual(await farm.servedByAll('index.php'), ['seven', 'seven', 'seven', 'seven']);
  });

  test('a host that is down is named, and the others keep what they had', async () => {
    hosts.kill('h4');
    await farm.write('index.php', 'eight');
    const result = await farm.rota('push');
    assert.equal(result.status, 1);
    assert.match(result.stderr, /h4 cannot be reached/);
    assert.match(result.stderr, /no host was switched/);
    await hosts.start('h4');
    assert.deepEqual(await farm.servedByAll('index.php'), ['seven', 'seven', 'seven', 'seven']);
  });
});
