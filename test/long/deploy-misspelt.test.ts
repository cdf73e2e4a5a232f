import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { killAt } from '../deploy/kill-at.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('what is misspelt', () => {
  test('begins nothing, and takes no place of a deployment that can be gone on with', async () => {
    await using folder = await temporaryFolder('misspelt');
    const groups = [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }];
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), { groups });
    const rota = async (status: number, ...args: readonly string[]) => {
      const result = await farm.rota(...args);
      assert.equal(result.status, status, `${args.join(' ')}: ${result.stderr}`);
      return `${result.stdout}${result.stderr}`;
    };
    await farm.write('index.php', 'one');
    await rota(0, 'push');
    await farm.write('index.php', 'two');
    await killAt(farm, 'rollout-all');
    for (const args of [
      ['push', '--version-name', '20200101-0001'],
      ['deploy', 'rollback', '--to', '20200101-0001'],
    ])
      assert.match(await rota(2, ...args), /VERSION_UNKNOWN: There is no version "20200101-0001"/);
    // What a variable of a script that is not set leaves of an option.
    for (const args of [
      ['push', '--to', ''],
      ['deploy', 'repair', '--hosts', ','],
    ])
      assert.match(await rota(2, ...args), /it names nothing/);
    // A plan is of the staging tree, and of nothing else that these would say.
    for (const option of [['--version-name', '20200101-0001'], ['--hold'], ['--message', 'why'], ['--wait']])
      assert.match(await rota(2, 'push', '--plan', ...option), /cannot be used with option/);
    assert.match(await rota(0, 'deploy', 'log', '--host', 'h7', '--failed'), /nothing was done on h7/);
    await rota(0, 'deploy', 'resume');
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two']);
    for (const name of ['index.php', './index.php', '/srv/wiki/index.php', `${farm.folder}/code/index.php`])
      assert.match(await rota(0, 'deploy', 'where', name), /h2 +\d+-0002 +yes/);
    // Nobody here can say whether a host has a commit that no repository knows.
    assert.match(await rota(3, 'deploy', 'where', '1234567'), /h1 +\d+-0002 +unknown/);
  });
});
