import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { folderOfPool, poolSettings, poolV3, poolValue, pybalOf } from '../deploy/pool-bed.ts';
import { startEtcd } from '../support/etcd.ts';
import { findProgram, requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('hosts that come back into their pools', { skip: requires('git', 'etcd') }, () => {
  test('a host that fails its check stays out until it is taken back; what somebody else changed is left; by hand the floor holds', async () => {
    await using folder = await temporaryFolder('pools');
    await using etcd = await startEtcd();
    const pool = poolV3(etcd);
    for (const host of ['h1', 'h2', 'h3']) await pool.put(host, poolValue('yes'));
    await using pybal = await pybalOf(pool);
    const environment = {
      // The floor is waited for in vain.
      pools: poolSettings(etcd, pybal, { wait: '5s' }),
      groups: [{ name: 'all', batch: 1, onFailure: 'stop', failureLimit: 1 }],
      checks: [{ name: 'well', command: 'case $ROTA_HOST$(cat index.php) in h[12]two) exit 1;; esac' }],
    };
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 3), environment);
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await farm.write('index.php', 'two');
    const failed = await farm.rota('push');
    assert.equal(failed.status, 1, failed.stderr);
    const pooled = async () =>
      [...(await pool.all())].map(([host, value]) => `${host} ${JSON.parse(value).pooled}`).join(', ');
    assert.equal(await pooled(), 'h1 no, h2 yes, h3 yes');
    assert.match(failed.stderr, /POOL_FLOOR|DEPLOY_FAILED/);
    const shown = await farm.rota('deploy', 'pools', '--json');
    const rows = shown.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      rows.map(({ host, pooled: is, held, pybal: says }) => [host, is, held, says]),
      [
        ['h1', 'no', true, 'disabled/up/not pooled'],
        ['h2', 'yes', false, 'enabled/up/pooled'],
        ['h3', 'yes', false, 'enabled/up/pooled'],
      ],
    );
    const back = await farm.rota('deploy', 'rollback');
    assert.equal(back.status, 0, back.stderr);
    assert.equal(await pooled(), 'h1 yes, h2 yes, h3 yes');
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one']);
    assert.equal((await farm.rota('push')).status, 1);
    await pool.put('h1', poolValue('inactive'));
    const kept = await farm.rota('deploy', 'rollback');
    assert.equal(kept.status, 0, kept.stderr);
    assert.match(kept.stderr, /somebody else changed a host in its pool meanwhile/);
    assert.equal(await pooled(), 'h1 inactive, h2 yes, h3 yes');
    await pool.put('h1', poolValue('yes'));
    const byHand = await farm.rota('deploy', 'depool', '--hosts', 'h1');
    assert.equal(byHand.status, 0, byHand.stderr);
    assert.equal(await pooled(), 'h1 no, h2 yes, h3 yes');
    const tooMany = await farm.rota('deploy', 'depool', '--hosts', 'h2,h3');
    assert.equal(tooMany.status, 1);
    assert.match(tooMany.stderr, /POOL_FLOOR/);
    assert.equal((await farm.rota('deploy', 'pool', '--hosts', 'h1')).status, 0);
    assert.equal(await pooled(), 'h1 yes, h2 yes, h3 yes');
  });

  test('hosts of earlier waves leave their pools again before they are taken back', async () => {
    await using folder = await temporaryFolder('pools-back');
    await using etcd = await startEtcd();
    const pool = poolV3(etcd);
    const names = ['h1', 'h2', 'h3', 'h4'];
    for (const host of names) await pool.put(host, poolValue('yes'));
    const before = await pool.all();
    await using pybal = await pybalOf(pool);
    const seen = folder.in('seen');
    const etcdctl = findProgram('etcdctl') ?? 'etcdctl';
    const ask = `ETCDCTL_API=3 '${etcdctl}' --endpoints='${etcd.endpoints[0]}' get --print-value-only`;
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 4), {
      pools: poolSettings(etcd, pybal),
      groups: [
        { name: 'first', hosts: ['h1', 'h2', 'h3'], batch: 1 },
        { name: 'last', hosts: ['h4'] },
      ],
      checks: [{ name: 'well', command: 'case $ROTA_HOST$(cat index.php) in h4two) exit 1;; esac' }],
      restart: {
        command: `printf '%s %s %s\\n' "$ROTA_HOST" "$(cat index.php)" "$(${ask} ${folderOfPool}$ROTA_HOST)" >>'${seen}'`,
      },
    });
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await rm(seen);
    await farm.write('index.php', 'two');
    const failed = await farm.rota('push');
    assert.equal(failed.status, 1, failed.stderr);
    assert.match(failed.stderr, /DEPLOY_ROLLED_BACK/);
    assert.deepEqual(await farm.servedByAll('index.php'), Array(4).fill('one'));
    const lines = (await readFile(seen, 'utf8')).trim().split('\n');
    assert.equal(lines.length, 8);
    // Nobody is switched, forth or back, while a load balancer sends it requests.
    for (const line of lines) assert.match(line, /^h\d (one|two) .*"pooled": ?"no"/);
    assert.deepEqual(await pool.all(), before);
    assert.equal(pybal.fewest(), 2);
  });
});
