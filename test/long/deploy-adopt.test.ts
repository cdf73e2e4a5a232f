import assert from 'node:assert/strict';
import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { killAt, killNow } from '../deploy/kill-at.ts';
import { poolSettings, poolV3, poolValue, pybalOf } from '../deploy/pool-bed.ts';
import { appears } from '../support/appears.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('a deploy host that is lost in the middle of a deployment', { skip: requires('git') }, () => {
  for (const [command, expected] of [
    ['resume', 'three'],
    ['catch-up', 'three'],
    ['rollback', 'two'],
  ] as const) {
    test(`another one adopts what hosts know of it: ${command} makes all serve ${expected}`, async () => {
      await using folder = await temporaryFolder('heir');
      const hosts = localHosts(folder.in('net'), 3);
      const groups = { groups: [{ name: 'canary', hosts: ['h1'] }, { name: 'rest' }] };
      const old = await makeDeployFarm(folder.in('old'), hosts, groups);
      for (const text of ['one', 'two']) {
        await old.write('index.php', text);
        const result = await old.rota('push');
        assert.equal(result.status, 0, result.stderr);
      }
      await old.write('index.php', 'three');
      // Between the groups, where it is for long: a group's own stage may have switched hosts before the blow comes.
      await old.configure({ groups: [{ name: 'canary', hosts: ['h1'], pause: '10m' }, { name: 'rest' }] });
      await killAt(old, 'pause-canary');
      await rm(folder.in('old'), { recursive: true });
      const heir = await makeDeployFarm(folder.in('heir'), hosts, groups);
      assert.deepEqual(await heir.servedByAll('index.php'), ['three', 'two', 'two']);
      const adopted = await heir.rota('deploy', 'adopt', '--reason', 'burnt down');
      assert.equal(adopted.status, 0, adopted.stderr);
      assert.match(adopted.stderr, /was under way: rota deploy resume goes on with it/);
      const result = await heir.rota('deploy', command);
      assert.equal(result.status, 0, result.stderr);
      assert.deepEqual(await heir.servedByAll('index.php'), Array(3).fill(expected));
      const next = await heir.rota('deploy', 'status');
      assert.equal(next.status, 0, next.stdout.toString());
    });
  }

  test('killed as the switches begin: resume sends the version to a host that lacks it, from one that has it', async () => {
    await using folder = await temporaryFolder('heir');
    const hosts = localHosts(folder.in('net'), 3);
    const groups = { groups: [{ name: 'all', failureLimit: 1 }] };
    const old = await makeDeployFarm(folder.in('old'), hosts, groups);
    await old.write('index.php', 'one');
    assert.equal((await old.rota('push')).status, 0);
    const cache = `${hosts.folderOf('h3')}-cache`;
    await rename(cache, `${cache}.away`);
    await writeFile(cache, 'away');
    await old.write('index.php', 'two');
    await old.write('more.php', 'more');
    await killAt(old, 'rollout-all');
    assert.equal(await old.served('h3', 'index.php'), null);
    await rm(folder.in('old'), { recursive: true });
    await rm(cache);
    await rename(`${cache}.away`, cache);
    const heir = await makeDeployFarm(folder.in('heir'), hosts, groups);
    const adopted = await heir.rota('deploy', 'adopt', '--reason', 'burnt down');
    assert.equal(adopted.status, 0, adopted.stderr);
    const resumed = await heir.rota('deploy', 'resume');
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.deepEqual(await heir.servedByAll('index.php'), ['two', 'two', 'two']);
    assert.equal((await heir.rota('deploy', 'verify', '--content')).status, 0);
    // What was deployed is known here now: a tree that is equal is the same version, and one that differs needs few bytes.
    await heir.write('index.php', 'two');
    await heir.write('more.php', 'more');
    const same = await heir.rota('push');
    assert.equal(same.status, 0, same.stderr);
    assert.match(same.stdout.toString(), /version \d{8}-0002/);
    const back = await heir.rota('deploy', 'rollback');
    assert.equal(back.status, 0, back.stderr);
    assert.deepEqual(await heir.servedByAll('index.php'), ['one', 'one', 'one']);
  });

  test('a host that cannot be taken over is named; adopted again when it can, it takes part', async () => {
    await using folder = await temporaryFolder('heir');
    const hosts = localHosts(folder.in('net'), 2);
    const old = await makeDeployFarm(folder.in('old'), hosts, {});
    await old.write('index.php', 'one');
    assert.equal((await old.rota('push')).status, 0);
    await rm(folder.in('old'), { recursive: true });
    const inTheWay = `${hosts.folderOf('h2')}-cache/state/adopted`;
    await mkdir(inTheWay);
    const heir = await makeDeployFarm(folder.in('heir'), hosts);
    const adopted = await heir.rota('deploy', 'adopt', '--reason', 'burnt down');
    assert.equal(adopted.status, 3, adopted.stderr);
    assert.match(adopted.stdout.toString(), /not taken over: .*h2/);
    await heir.write('index.php', 'two');
    const refused = await heir.rota('push');
    assert.match(refused.stderr, /FOREIGN_STORE: h2 .* rota deploy adopt/);
    assert.deepEqual(await heir.servedByAll('index.php'), ['one', 'one']);
    await rmdir(inTheWay);
    const again = await heir.rota('deploy', 'adopt', '--reason', 'it is well');
    assert.equal(again.status, 0, again.stderr);
    const pushed = await heir.rota('push');
    assert.equal(pushed.status, 0, pushed.stderr);
    assert.deepEqual(await heir.servedByAll('index.php'), ['two', 'two']);
  });
});

suite(
  'a deploy host that is lost while hosts are out of their pools',
  { skip: requires('git', 'etcd') },
  () => {
    for (const [command, expected] of [
      ['resume', 'two'],
      ['rollback', 'one'],
    ] as const) {
      test(`another one adopts: ${command} makes all serve ${expected}, each back in its pool as it was`, async () => {
        await using folder = await temporaryFolder('heir-pools');
        await using etcd = await startEtcd();
        const pool = poolV3(etcd);
        for (const host of ['h1', 'h2', 'h3']) await pool.put(host, poolValue('yes'));
        // Out by a person's hand, and nobody's business.
        await pool.put('h4', poolValue('no'));
        const before = await pool.all();
        await using pybal = await pybalOf(pool);
        const hosts = localHosts(folder.in('net'), 4);
        const settings = (gate: string) => ({
          pools: poolSettings(etcd, pybal),
          groups: [{ name: 'all', batch: 1 }],
          restart: {
            command: `case $ROTA_HOST$(cat index.php) in h2two) : >'${folder.in('begun')}'; while [ ! -e '${gate}' ]; do sleep 0.05; done ;; esac`,
          },
        });
        const old = await makeDeployFarm(folder.in('old'), hosts, settings(folder.in('never')));
        await old.write('index.php', 'one');
        assert.equal((await old.rota('push')).status, 0);
        await old.write('index.php', 'two');
        const child = old.start('push');
        await appears(folder.in('begun'));
        await killNow(old, child);
        await rm(folder.in('old'), { recursive: true });
        const out = [...(await pool.all())].filter(([, value]) => JSON.parse(value).pooled === 'no');
        assert.deepEqual(
          out.map(([host]) => host),
          ['h2', 'h4'],
        );
        await writeFile(folder.in('gate'), '');
        const heir = await makeDeployFarm(folder.in('heir'), hosts, settings(folder.in('gate')));
        const adopted = await heir.rota('deploy', 'adopt', '--reason', 'burnt down');
        assert.equal(adopted.status, 0, adopted.stderr);
        const shown = await heir.rota('deploy', 'pools');
        assert.match(shown.stdout.toString(), /h2 .*taken out by a deployment/);
        assert.doesNotMatch(shown.stdout.toString(), /h4 .*taken out by a deployment/);
        const result = await heir.rota('deploy', command);
        assert.equal(result.status, 0, result.stderr);
        assert.deepEqual(await heir.servedByAll('index.php'), Array(4).fill(expected));
        assert.deepEqual(await pool.all(), before);
      });
    }
  },
);
