// Hosts that come from the pool of a load balancer in etcd.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadConfig } from '../../src/config/load-config.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { ErrorCode } from '../../src/core/errors/catalogue.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { withHosts } from '../../src/jobs/deploy/pools/hosts-of-pool.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';
import { poolV2, poolValue } from './pool-bed.ts';

const pool = 'eqiad/appserver/apache2';
const address = 'local:./targets/{host}';

suite('hosts from a pool in etcd', { skip: requires('git', 'etcd') }, () => {
  test('etcd v2: an empty pool, a group without hosts, hostile names and an etcd that is away are said, and nothing begins', async () => {
    await using folder = await temporaryFolder('hosts-of-pool');
    await using etcd = await startEtcd({ flags: ['--enable-v2'] });
    const entries = poolV2(etcd);
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), {
      hosts: { pool: [pool, 'eqiad/appserver/nginx'], address },
      pools: { etcd: etcd.endpoints, api: 'v2' },
      groups: [{ name: 'canary', hosts: ['h1'] }, { name: 'rest' }],
    });
    await farm.write('index.php', 'one');
    const { config } = await loadConfig(folder.in('rota.yaml'), { env: {}, cwd: folder.path });
    const prod = config.environments.get('prod');
    assert.ok(prod !== undefined);
    const refused = async (code: ErrorCode, said: RegExp) =>
      await assert.rejects(withHosts(prod, systemClock), (error) => {
        assert.ok(isRotaError(error, code), String(error));
        assert.match(error.message, said);
        return true;
      });
    await refused('POOL_HOSTS', /has no host there that is not inactive/);
    await entries.put('h1', poolValue('inactive'));
    await entries.put('h2', poolValue('yes'));
    await refused('POOL_HOSTS', /Group canary of prod would be empty/);
    await entries.put('h1', poolValue('no'));
    const { hosts, groups } = await withHosts(prod, systemClock);
    assert.deepEqual(
      hosts.map(({ name, root }) => [name, root]),
      ['h1', 'h2'].map((name) => [name, folder.in(`targets/${name}`)]),
    );
    assert.deepEqual(
      groups.map((group) => group.hosts),
      [['h1'], ['h2']],
    );
    const doctor = async () => {
      const { stdout } = await farm.rota('doctor', '--json');
      const findings = stdout.toString().trim().split('\n');
      return findings.map((line) => JSON.parse(line)).filter(({ area }) => area === 'environment prod');
    };
    assert.deepEqual(
      (await doctor()).map(({ what }) => what),
      ['its pool in etcd names 2 hosts', '2 of 2 hosts can be deployed to'],
    );
    await entries.put('-oProxyCommand=x', poolValue('yes'));
    await refused('POOL_HOSTS', /ProxyCommand=x.* ends in no host name/);
    const [member] = etcd.members;
    await member?.kill();
    await refused('POOLS_UNAVAILABLE', /v2/);
    const push = await farm.rota('push');
    assert.equal(push.status, 1);
    assert.match(push.stderr, /POOLS_UNAVAILABLE/);
    assert.deepEqual(await farm.servedByAll('index.php'), [null, null]);
    assert.equal((await farm.rota('config', 'check')).status, 0, 'asks no etcd');
    const found = await doctor();
    assert.deepEqual(
      found.map(({ code }) => code),
      ['POOLS_UNAVAILABLE'],
    );
  });
});
