import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { type DeployFarm, localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const groups = [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }];

/** A farm of three hosts that serve `one`, the first of them in a group of its own. */
async function servingOne(folder: string): Promise<DeployFarm> {
  const farm = await makeDeployFarm(folder, localHosts(folder, 3), { groups });
  await pushed(farm, 'one');
  return farm;
}

async function pushed(farm: DeployFarm, text: string, ...options: readonly string[]): Promise<void> {
  await farm.write('index.php', text);
  await succeeds(farm, 'push', ...options);
}

async function succeeds(farm: DeployFarm, ...args: readonly string[]): Promise<string> {
  const { status, stderr } = await farm.rota(...args);
  assert.equal(status, 0, stderr);
  return stderr;
}

function edit(folder: string, host: string): Promise<void> {
  return writeFile(join(folder, 'targets', host, 'srv/wiki/index.php'), 'edited there');
}

suite('what restores hosts', { concurrency: 2 }, () => {
  test('repairs each with the version that it is to serve, and what went to some groups can still go to all', async () => {
    await using folder = await temporaryFolder('restore-part');
    const farm = await servingOne(folder.path);
    await pushed(farm, 'two', '--to', 'canary');
    await edit(folder.path, 'h1');
    await edit(folder.path, 'h3');
    const said = await succeeds(farm, 'deploy', 'repair');
    assert.match(said, /h1: \d+-0002 since deploy\/prod\/\d+-0002, and keeps it/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one', 'one']);
    await succeeds(farm, 'deploy', 'verify', '--content');
    await edit(folder.path, 'h2');
    await succeeds(farm, 'deploy', 'repair', '--hosts', 'h2');
    await succeeds(farm, 'deploy', 'catch-up', '--hosts', 'h1');
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one', 'one']);
    await succeeds(farm, 'deploy', 'promote');
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
    await succeeds(farm, 'deploy', 'repair');
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
  });

  test('a deployment that waits for a person is neither taken back nor given up by them', async () => {
    await using folder = await temporaryFolder('restore-held');
    const farm = await servingOne(folder.path);
    await farm.write('index.php', 'two');
    assert.equal((await farm.rota('push', '--to', 'canary', '--hold')).status, 1);
    for (const what of [['repair'], ['repair', '--hosts', 'h3'], ['catch-up', '--hosts', 'h1']]) {
      const refused = await farm.rota('deploy', ...what);
      assert.equal(refused.status, 1);
      assert.match(
        refused.stderr,
        /RUN_STATE: deploy\/prod\/\d+-0002, which is held, .*\(rota deploy resume/,
      );
    }
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one', 'one']);
    await succeeds(farm, 'deploy', 'promote');
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
  });

  test('hosts that a deployment which failed did not reach can be repaired, the others cannot', async () => {
    await using folder = await temporaryFolder('restore-failed');
    const farm = await servingOne(folder.path);
    const ill = join(folder.path, 'ill');
    await farm.configure({
      groups: [{ ...groups[0], onFailure: 'stop', failureLimit: 0 }, { name: 'all' }],
      checks: [{ name: 'well', command: `[ ! -e ${ill} ]` }],
    });
    await writeFile(ill, '');
    await farm.write('index.php', 'two');
    assert.equal((await farm.rota('push')).status, 1);
    await rm(ill);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one', 'one']);
    assert.match((await farm.rota('deploy', 'repair')).stderr, /RUN_STATE: .* which is failed, /);
    await edit(folder.path, 'h3');
    await succeeds(farm, 'deploy', 'repair', '--hosts', 'h3');
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one', 'one']);
    await succeeds(farm, 'deploy', 'rollback');
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one']);
    await succeeds(farm, 'deploy', 'repair');
  });
});
