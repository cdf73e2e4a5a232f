import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type DeployFarm, localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { killAt } from '../deploy/kill-at.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const groups = [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }];

/** A farm of two hosts that serve `two`, and served `one` before. */
async function servingTwo(folder: string): Promise<DeployFarm> {
  const farm = await makeDeployFarm(folder, localHosts(folder, 2), { groups });
  await pushed(farm, 'one');
  await pushed(farm, 'two');
  return farm;
}

async function pushed(farm: DeployFarm, text: string, ...options: readonly string[]): Promise<void> {
  await farm.write('index.php', text);
  const result = await farm.rota('push', ...options);
  assert.equal(result.status, 0, result.stderr);
}

async function back(farm: DeployFarm, expected: string): Promise<void> {
  const result = await farm.rota('deploy', 'rollback');
  assert.equal(result.status, 0, result.stderr);
  assert.deepEqual(await farm.servedByAll('index.php'), [expected, expected]);
}

suite('a rollback that names no version', { concurrency: 2 }, () => {
  test('goes to what is live where a deployment went to some groups only', async () => {
    await using folder = await temporaryFolder('back-part');
    const farm = await servingTwo(folder.path);
    await pushed(farm, 'three', '--to', 'canary');
    assert.deepEqual(await farm.servedByAll('index.php'), ['three', 'two']);
    await back(farm, 'two');
  });

  test('goes to what is live although a later deployment failed before it switched anything', async () => {
    await using folder = await temporaryFolder('back-later');
    const farm = await servingTwo(folder.path);
    await farm.write('index.php', 'three');
    // Between the groups, where it is for long.
    await farm.configure({ groups: [{ name: 'canary', hosts: ['h1'], pause: '10m' }, { name: 'all' }] });
    await killAt(farm, 'pause-canary');
    assert.deepEqual(await farm.servedByAll('index.php'), ['three', 'two']);
    await farm.write('private/key', 'a secret, which no version may have');
    assert.match((await farm.rota('push')).stderr, /SOURCE_UNFIT/);
    await back(farm, 'two');
  });

  test('goes on with a rollback that was killed, and not to the version that it led away from', async () => {
    await using folder = await temporaryFolder('back-killed');
    const farm = await servingTwo(folder.path);
    await killAt(farm, 'finalize', 'deploy', 'rollback');
    await back(farm, 'one');
  });

  test('goes nowhere after a rollback: that would bring back what somebody wanted gone', async () => {
    await using folder = await temporaryFolder('back-twice');
    const farm = await servingTwo(folder.path);
    await back(farm, 'one');
    const again = await farm.rota('deploy', 'rollback');
    assert.equal(again.status, 2);
    assert.match(
      again.stderr,
      /VERSION_UNKNOWN: prod was taken back to \d+-0001 already: .* name the version/,
    );
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
    await pushed(farm, 'three');
    await back(farm, 'one');
  });
});
