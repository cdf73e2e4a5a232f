import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { folderOfPool, poolSettings, poolV3, poolValue, pybalOf } from '../deploy/pool-bed.ts';
import { startEtcd } from '../support/etcd.ts';
import { findProgram, program, requires } from '../support/requirements.ts';
import { startSshHosts } from '../support/ssh-hosts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('hosts that are not who they were', { skip: requires('git', 'etcd') }, () => {
  test('one made anew, and one that is a copy of another, are out of their pool before any host is switched, and come back proven', async () => {
    await using folder = await temporaryFolder('strangers');
    await using etcd = await startEtcd();
    const pool = poolV3(etcd);
    const names = ['h1', 'h2', 'h3', 'h4'];
    for (const host of names) await pool.put(host, poolValue('yes'));
    const before = await pool.all();
    await using pybal = await pybalOf(pool);
    const seen = folder.in('seen');
    const etcdctl = findProgram('etcdctl') ?? 'etcdctl';
    const ask = `ETCDCTL_API=3 '${etcdctl}' --endpoints='${etcd.endpoints[0]}' get --print-value-only --prefix`;
    const hosts = localHosts(folder.path, 4);
    const farm = await makeDeployFarm(folder.path, hosts, {
      pools: poolSettings(etcd, pybal, { floor: '25%' }),
      groups: [{ name: 'first', hosts: ['h1'] }, { name: 'others' }],
      restart: {
        command: `printf '%s %s\\n' "$ROTA_HOST" "$(${ask} ${folderOfPool} | tr -d '\\n ')" >>'${seen}'`,
      },
    });
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await rm(seen);
    // h2 has lost everything; h3 is a copy of h4 on which somebody wrote.
    await rm(join(folder.path, 'targets/h2'), { recursive: true });
    await rm(join(folder.path, 'targets/h3'), { recursive: true });
    await cp(join(folder.path, 'targets/h4'), join(folder.path, 'targets/h3'), {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
    });
    await writeFile(join(hosts.folderOf('h3'), 'index.php'), 'six');
    await farm.write('more.php', 'more');
    const result = await farm.rota('push');
    assert.equal(result.status, 0, result.stderr);
    assert.match(result.stderr, /made anew \(host=h2\)/);
    assert.match(result.stderr, /made anew \(host=h3\)/);
    const [first = ''] = (await readFile(seen, 'utf8')).split('\n');
    assert.match(first, /^h1 /);
    // As h1 is switched, three are out: itself and the two strangers.
    assert.equal(first.match(/"pooled":"no"/g)?.length, 3, first);
    assert.deepEqual(await farm.servedByAll('index.php'), Array(4).fill('one'));
    assert.deepEqual(await farm.servedByAll('more.php'), Array(4).fill('more'));
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
    assert.deepEqual(await pool.all(), before);
    const again = await farm.rota('push');
    assert.doesNotMatch(again.stderr, /another than before/);
  });
});

suite('a host that owes the version', { skip: requires('git', 'etcd') }, () => {
  test('is out of its pool, is not put back by hand, and comes back when it has caught up', async () => {
    await using folder = await temporaryFolder('owing');
    await using etcd = await startEtcd();
    const pool = poolV3(etcd);
    for (const host of ['h1', 'h2', 'h3']) await pool.put(host, poolValue('yes'));
    const before = await pool.all();
    await using pybal = await pybalOf(pool);
    const hosts = localHosts(folder.path, 3);
    const farm = await makeDeployFarm(folder.path, hosts, {
      pools: poolSettings(etcd, pybal, { floor: '25%' }),
      groups: [{ name: 'all', failureLimit: 1 }],
    });
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    const inTheWay = `${hosts.folderOf('h3')}-cache/state/deployment.new`;
    await mkdir(inTheWay);
    await farm.write('index.php', 'two');
    const result = await farm.rota('push');
    assert.equal(result.status, 3, result.stderr);
    assert.match((await pool.all()).get('h3') ?? '', /"pooled":"no"/);
    await rmdir(inTheWay);
    const byHand = await farm.rota('deploy', 'pool', '--hosts', 'h3');
    assert.equal(byHand.status, 1);
    assert.match(byHand.stderr, /HOST_OWES: h3 owes \d{8}-0002: rota deploy catch-up prod/);
    assert.match((await pool.all()).get('h3') ?? '', /"pooled":"no"/);
    const late = await farm.rota('deploy', 'catch-up');
    assert.equal(late.status, 0, late.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
    assert.deepEqual(await pool.all(), before);
  });
});

suite('a host that shows another key', { skip: requires('sshd', 'git') }, () => {
  test('stops the whole deployment, whatever may fail; with the old key it goes on', async () => {
    await using folder = await temporaryFolder('host-key');
    const other = folder.in('other-key');
    await execa(program('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-f', other]);
    let changed = false;
    await using hosts = await startSshHosts(folder.in('net'), 3, {
      sshd: (host) => (changed && host === 'h2' ? ['-h', other] : []),
    });
    const farm = await makeDeployFarm(folder.in('farm'), hosts, {
      groups: [{ name: 'all', failureLimit: 2 }],
    });
    await farm.write('index.php', 'one');
    const first = await farm.rota('push');
    assert.equal(first.status, 0, first.stderr);
    await farm.write('index.php', 'two');
    changed = true;
    hosts.kill('h2');
    await hosts.start('h2');
    const stopped = await farm.rota('push');
    assert.equal(stopped.status, 1);
    assert.match(stopped.stderr, /HOST_KEY_CHANGED: h2 shows another host key than before/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one']);
    changed = false;
    hosts.kill('h2');
    await hosts.start('h2');
    const resumed = await farm.rota('deploy', 'resume');
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
  });
});
