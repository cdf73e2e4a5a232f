import assert from 'node:assert/strict';
import { access, writeFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { type FakePybal, startPybal } from '../support/pybal.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';

const folderOfPool = '/conftool/v1/pools/eqiad/appserver/apache2/';
/** As conftool writes it, to the blank. */
const poolValue = (pooled: string) => `{"weight": 10, "pooled": "${pooled}"}`;

/** The pool as etcd has it. */
interface Pool {
  put(host: string, value: string): Promise<void>;
  all(): Promise<ReadonlyMap<string, string>>;
}

function poolV3(etcd: RunningEtcd): Pool {
  return {
    put: async (host, value) => void (await etcd.ctl('put', '--', `${folderOfPool}${host}`, value)),
    all: async () => {
      const [endpoint] = etcd.endpoints;
      const encode = (text: string) => Buffer.from(text).toString('base64');
      const body = { key: encode(folderOfPool), range_end: encode(`${folderOfPool.slice(0, -1)}0`) };
      const response = await fetch(`${endpoint}/v3/kv/range`, { method: 'POST', body: JSON.stringify(body) });
      const { kvs = [] } = (await response.json()) as { kvs?: { key: string; value: string }[] };
      const decode = (text: string) => Buffer.from(text, 'base64').toString();
      return new Map(kvs.map((kv) => [decode(kv.key).slice(folderOfPool.length), decode(kv.value)]));
    },
  };
}

function poolV2(etcd: RunningEtcd): Pool {
  const url = `${etcd.endpoints[0]}/v2/keys${folderOfPool}`;
  return {
    put: async (host, value) => {
      await fetch(`${url}${host}`, { method: 'PUT', body: new URLSearchParams({ value }) });
    },
    all: async () => {
      const answer = (await (await fetch(url)).json()) as {
        node: { nodes: { key: string; value: string }[] };
      };
      return new Map(answer.node.nodes.map(({ key, value }) => [key.slice(folderOfPool.length), value]));
    },
  };
}

const pybalOf = (pool: Pool) =>
  startPybal(async () => {
    const entries = [...(await pool.all())].map(([host, value]) => [host, JSON.parse(value).pooled] as const);
    return new Map(
      entries.filter(([, pooled]) => pooled !== 'inactive').map(([host, pooled]) => [host, pooled === 'yes']),
    );
  });

function settingsOf(etcd: RunningEtcd, pybal: FakePybal, more: Readonly<Record<string, unknown>> = {}) {
  const service = { dc: 'eqiad', cluster: 'appserver', service: 'apache2', floor: '50%' };
  const services = [{ ...service, pybal: [{ url: pybal.url, pool: 'apache_80' }] }];
  return { etcd: etcd.endpoints, services, grace: '0s', wait: '60s', ...more };
}

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
      const pools = settingsOf(etcd, pybal, { api });
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

  test('a host that fails its check stays out until it is taken back; what somebody else changed is left; by hand the floor holds', async () => {
    await using folder = await temporaryFolder('pools');
    await using etcd = await startEtcd();
    const pool = poolV3(etcd);
    for (const host of ['h1', 'h2', 'h3']) await pool.put(host, poolValue('yes'));
    await using pybal = await pybalOf(pool);
    const environment = {
      // The floor is waited for in vain.
      pools: settingsOf(etcd, pybal, { wait: '5s' }),
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
      pools: settingsOf(etcd, pybal, { wait: '3s' }),
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

async function appears(path: string): Promise<void> {
  for (const endAt = Date.now() + 120_000; Date.now() < endAt; await pause(20)) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return;
  }
  throw new Error(`${path} did not appear`);
}
