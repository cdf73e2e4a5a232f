// Hosts that come from the pool of a load balancer in etcd.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { killNow } from '../deploy/kill-at.ts';
import { poolV3, poolValue } from '../deploy/pool-bed.ts';
import { appears } from '../support/appears.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const pool = 'eqiad/appserver/apache2';
const address = 'local:./targets/{host}';

suite('hosts from a pool in etcd', { skip: requires('git', 'etcd') }, () => {
  test('are read when a deployment begins, and are its hosts until it ends; commands ask the pool as it is', async () => {
    await using folder = await temporaryFolder('hosts-of-pool');
    await using etcd = await startEtcd();
    const entries = poolV3(etcd);
    for (const [host, pooled] of [
      ['h1', 'yes'],
      ['h2', 'no'],
      ['h3', 'inactive'],
      ['h4', 'yes'],
    ] as const)
      await entries.put(host, poolValue(pooled));
    const [begun, gate] = [folder.in('begun'), folder.in('gate')];
    const local = localHosts(folder.path, 5);
    const farm = await makeDeployFarm(folder.path, local, {
      hosts: { pool, address },
      pools: { etcd: etcd.endpoints },
      groups: [
        { name: 'canary', hosts: ['h4', 'h9'] },
        { name: 'rest', failureLimit: '50%' },
      ],
      restart: { command: `: >'${begun}'; while [ ! -e '${gate}' ]; do sleep 0.05; done` },
    });
    await farm.write('index.php', 'one');
    const pushing = farm.start('push');
    await appears(begun);
    // A deployment that began without h5 ends without it, also when another process goes on with it.
    await entries.put('h5', poolValue('yes'));
    await entries.put('h2', poolValue('inactive'));
    await killNow(farm, pushing);
    await writeFile(gate, '');
    const resumed = await farm.rota('deploy', 'resume');
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', null, 'one', null]);

    const where = await farm.rota('deploy', 'where', 'index.php', '--json');
    assert.equal(where.status, 3, 'h5 has nothing yet');
    const rows = where.stdout.toString().trim().split('\n');
    assert.deepEqual(
      rows.map((row) => JSON.parse(row)).map(({ host, has }) => [host, has]),
      [
        ['h1', 'yes'],
        ['h4', 'yes'],
        ['h5', 'no'],
      ],
    );
    await farm.write('index.php', 'two');
    const kept = await farm.rota('push', '--plan', '--json');
    assert.equal(kept.status, 0, kept.stderr);
    const { id, plan } = JSON.parse(kept.stdout.toString());
    assert.deepEqual(
      plan.hosts.map((host: { name: string; group: string }) => [host.name, host.group]),
      [
        ['h1', 'rest'],
        ['h4', 'canary'],
        ['h5', 'rest'],
      ],
    );
    await entries.put('h1', poolValue('inactive'));
    const stale = await farm.rota('push', id);
    assert.equal(stale.status, 1);
    assert.match(stale.stderr, /PLAN_STALE: .*the groups, their order, .*differ; h1 is gone;/);
    const next = await farm.rota('push');
    assert.equal(next.status, 0, next.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', null, 'two', 'two']);
    const back = await farm.rota('deploy', 'rollback');
    assert.equal(back.status, 0, back.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', null, 'one', 'one']);
    const unknown = await farm.rota('deploy', 'repair', '--hosts', 'h2');
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /"h2" is no host of prod/);
  });
});
