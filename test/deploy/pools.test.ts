import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { appears } from '../support/appears.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';
import { poolSettings, poolV2, poolV3, poolValue, pybalOf } from './pool-bed.ts';

suite('pools of load balancers', { skip: requires('git', 'etcd') }, () => {
  for (const api of ['v3', 'v2'] as const) {
    test(`etcd ${api}: waves leave the floor in the pool, and every value is as before to the byte`, async () => {
      await using folder = await temporaryFolder('pools');
      await using etcd = await startEtcd(api === 'v2' ? { flags: ['--enable-v2'] } : {});
      const pool = api === 'v2' ? poolV2(etcd) : poolV3(etcd);
      for (const host of ['h1', 'h2', 'h3', 'h4']) await pool.put(host, poolValue('yes'));
      await pool.put('h5', poolValue('no'));
      await pool.put('h6', poolValue('inactive'));
      const before = await pool.all();
      await using pybal = await pybalOf(pool);
      const pools = poolSettings(etcd, pybal, { api });
      const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 6), {
        pools,
      });
      await farm.write('index.php', 'one');
      const result = await farm.rota('push');
      assert.equal(result.status, 0, result.stderr);
      assert.deepEqual(await farm.servedByAll('index.php'), Array(6).fill('one'));
      assert.equal(pybal.fewest(), 2, 'two of four hosts were out at once, never more');
      assert.deepEqual(await pool.all(), before);
    });
  }

  test('etcd goes away during a wave, and comes back: no further host is switched, and resume brings all back', async () => {
    await using folder = await temporaryFolder('pools');
    await using etcd = await startEtcd();
    const pool = poolV3(etcd);
    for (const host of ['h1', 'h2', 'h3']) await pool.put(host, poolValue('yes'));
    const before = await pool.all();
    await using pybal = await pybalOf(pool);
    const [begun, gate] = [folder.in('begun'), folder.in('gate')];
    const command = `: >'${begun}'; while [ ! -e '${gate}' ]; do sleep 0.05; done`;
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 3), {
      pools: poolSettings(etcd, pybal, { wait: '3s' }),
      groups: [{ name: 'all', batch: 1 }],
      restart: { command },
    });
    await farm.write('index.php', 'one');
    const child = farm.start('push');
    await appears(begun);
    const [member] = etcd.members;
    await member?.kill();
    await writeFile(gate, '');
    const ended = await child;
    assert.equal(ended.exitCode, 1);
    assert.match(Buffer.from(ended.stderr ?? []).toString(), /POOLS_UNAVAILABLE/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', null, null]);
    await member?.start();
    await etcd.ready();
    const resumed = await farm.rota('deploy', 'resume');
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.deepEqual(await pool.all(), before);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one']);
  });
});
