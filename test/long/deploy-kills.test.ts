import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { makeDeployFarm } from '../deploy/deploy-farm.ts';
import { killIn } from '../deploy/kill-at.ts';
import { requires } from '../support/requirements.ts';
import { startSshHosts } from '../support/ssh-hosts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const stages = ['preflight', 'build', 'transfer', 'prepare', 'rollout-canary', 'rollout-all', 'finalize'];
const hostCount = 10;

suite('a deployer that is killed at every stage, on ten hosts over ssh', { skip: requires('sshd') }, () => {
  test('resume makes all hosts serve the new version, rollback the old one, and nothing else is ever left', async () => {
    await using folder = await temporaryFolder('kills');
    await using hosts = await startSshHosts(folder.in('net'), hostCount);
    const farm = await makeDeployFarm(folder.in('farm'), hosts, {
      groups: [
        { name: 'canary', hosts: ['h1', 'h2'] },
        { name: 'all', batch: 3 },
      ],
      keep: 3,
    });
    let serial = 0;
    await farm.write('index.php', `version ${serial}`);
    const first = await farm.rota('push');
    assert.equal(first.status, 0, first.stderr);
    for (const stage of stages) {
      for (const way of ['resume', 'rollback'] as const) {
        const [before, next] = [`version ${serial}`, `version ${serial + 1}`];
        await farm.write('index.php', next);
        await killIn(farm, stage);
        const result = await farm.rota('deploy', way);
        const where = `killed at ${stage}, then ${way}`;
        if (result.status === 2 || result.status === 4) {
          // Before anything was switched there may be nothing to go back to.
          assert.equal(way, 'rollback', `${where}: ${result.stderr}`);
        } else assert.equal(result.status, 0, `${where}: ${result.stderr}`);
        const served = new Set(await farm.servedByAll('index.php'));
        assert.equal(served.size, 1, `${where}: ${[...served].join(', ')}`);
        if (way === 'resume') assert.deepEqual([...served], [next], where);
        else assert.notDeepEqual([...served], [null], where);
        const again = await farm.rota('push');
        assert.equal(again.status, 0, `${where}, then push: ${again.stderr}`);
        assert.deepEqual(
          new Set(await farm.servedByAll('index.php')),
          new Set([next]),
          `${where}: ${before}`,
        );
        serial++;
      }
    }
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
  });
});
