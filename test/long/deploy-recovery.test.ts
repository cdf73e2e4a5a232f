import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DeployFarm, localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { killAt, killNow } from '../deploy/kill-at.ts';
import { appears } from '../support/appears.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const groups = [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }];

/** A farm of three hosts that serve `one`, with `two` in the staging tree. */
async function farmAtOne(folder: string, more: Readonly<Record<string, unknown>> = {}): Promise<DeployFarm> {
  const farm = await makeDeployFarm(folder, localHosts(folder, 3), { groups, ...more });
  await farm.write('index.php', 'one');
  const first = await farm.rota('push');
  assert.equal(first.status, 0, first.stderr);
  await farm.write('index.php', 'two');
  return farm;
}

suite('a deployer that dies', { skip: requires('git') }, () => {
  for (const stage of ['transfer', 'rollout-all']) {
    test(`killed as ${stage} begins: resume makes all hosts serve the new version`, async () => {
      await using folder = await temporaryFolder('kill');
      const farm = await farmAtOne(folder.path);
      await killAt(farm, stage);
      const resumed = await farm.rota('deploy', 'resume');
      assert.equal(resumed.status, 0, resumed.stderr);
      assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
      assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
    });
  }

  test('killed between two groups: rollback takes every host to what was live', async () => {
    await using folder = await temporaryFolder('kill');
    const farm = await farmAtOne(folder.path);
    await killAt(farm, 'rollout-all');
    assert.equal(await farm.served('h1', 'index.php'), 'two');
    const back = await farm.rota('deploy', 'rollback');
    assert.equal(back.status, 0, back.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one']);
    const again = await farm.rota('push');
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
  });

  test('what it had started on a host ends with it', async () => {
    await using folder = await temporaryFolder('kill');
    const gate = folder.in('gate');
    const command = `echo $$ >>'${folder.in('begun')}'; while [ ! -e '${gate}' ]; do sleep 0.05; done; echo $$ >>'${folder.in('ended')}'`;
    const hosts = localHosts(folder.path, 1);
    const farm = await makeDeployFarm(folder.path, hosts, { restart: { command } });
    await farm.write('index.php', 'one');
    const child = farm.start('push');
    await appears(folder.in('begun'));
    // The file is there a moment before what is written into it.
    let orphan = '';
    while (orphan === '') [orphan = ''] = await lines(folder.in('begun'));
    await killNow(farm, child);
    await ends(Number(orphan));
    await writeFile(gate, '');
    const resumed = await farm.rota('deploy', 'resume');
    assert.equal(resumed.status, 0, resumed.stderr);
    // Only the second restart came to its end.
    assert.deepEqual((await lines(folder.in('begun'))).length, 2);
    assert.deepEqual((await lines(folder.in('ended'))).length, 1);
  });
});

suite('two deployers', { skip: requires('git') }, () => {
  test('the second is refused while the first works, and the lock keeps everybody out', async () => {
    await using folder = await temporaryFolder('two');
    const gate = folder.in('gate');
    const command = `: >'${folder.in('begun')}'; while [ ! -e '${gate}' ]; do sleep 0.05; done`;
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), { restart: { command } });
    await farm.write('index.php', 'one');
    const child = farm.start('push');
    await appears(folder.in('begun'));
    const second = await farm.rota('push');
    assert.equal(second.status, 75);
    assert.match(second.stderr, /RUN_BUSY: deploy\/prod\/\d{8}-0001 is being worked on by process/);
    await writeFile(gate, '');
    assert.equal((await child).exitCode, 0);
    assert.equal((await farm.rota('deploy', 'lock', '--reason', 'freeze')).status, 0);
    const locked = await farm.rota('push');
    assert.equal(locked.status, 75);
    assert.match(locked.stderr, /DEPLOY_LOCKED: prod is locked by .*: freeze/);
    assert.equal((await farm.rota('deploy', 'unlock')).status, 0);
    assert.equal((await farm.rota('push')).status, 0);
  });

  test('another run store is refused until it adopts; then it rolls back without the old one', async () => {
    await using folder = await temporaryFolder('adopt');
    const hosts = localHosts(folder.in('net'), 2);
    const old = await makeDeployFarm(folder.in('old'), hosts);
    for (const text of ['one', 'two']) {
      await old.write('index.php', text);
      const result = await old.rota('push');
      assert.equal(result.status, 0, result.stderr);
    }
    const heir = await makeDeployFarm(folder.in('heir'), hosts);
    await heir.write('index.php', 'three');
    const refused = await heir.rota('push');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /FOREIGN_STORE/);
    assert.deepEqual(await old.servedByAll('index.php'), ['two', 'two']);
    const adopted = await heir.rota('deploy', 'adopt', '--reason', 'burnt down');
    assert.equal(adopted.status, 0, adopted.stderr);
    const back = await heir.rota('deploy', 'rollback');
    assert.equal(back.status, 0, back.stderr);
    assert.deepEqual(await old.servedByAll('index.php'), ['one', 'one']);
    const stale = await old.rota('push');
    assert.equal(stale.status, 1);
    assert.match(stale.stderr, /FOREIGN_STORE/);
    const next = await heir.rota('push');
    assert.equal(next.status, 0, next.stderr);
    assert.deepEqual(await old.servedByAll('index.php'), ['three', 'three']);
  });
});

suite('hosts that owe the version', { skip: requires('git') }, () => {
  test('within the limit the others go on; the host catches up later', async () => {
    await using folder = await temporaryFolder('late');
    const hosts = localHosts(folder.path, 3);
    const command = `[ "$ROTA_HOST" != h3 ] || [ -e '${folder.in('well')}' ]`;
    const farm = await makeDeployFarm(folder.path, hosts, {
      groups: [{ name: 'all', failureLimit: 1 }],
      checks: [{ name: 'well', command }],
    });
    await farm.write('index.php', 'one');
    const result = await farm.rota('push');
    assert.equal(result.status, 3, result.stderr);
    assert.match(result.stdout.toString(), /1 of 3 hosts does not serve/);
    await writeFile(folder.in('well'), '');
    const late = await farm.rota('deploy', 'catch-up');
    assert.equal(late.status, 0, late.stderr);
    assert.equal((await farm.rota('deploy', 'catch-up')).status, 4);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one']);
  });

  test('one that failed and was mended is tried again by resume: before a switch, and after one', async () => {
    await using folder = await temporaryFolder('mended');
    const hosts = localHosts(folder.path, 3);
    const well = folder.in('well');
    const farm = await makeDeployFarm(folder.path, hosts, {
      groups: [{ name: 'all', batch: 1, onFailure: 'stop' }],
      checks: [
        { name: 'well', command: `case $ROTA_HOST$(cat index.php) in h2two) [ -e '${well}' ] ;; esac` },
      ],
    });
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    const inTheWay = `${hosts.folderOf('h3')}-cache/state/deployment.new`;
    await mkdir(inTheWay);
    await farm.write('index.php', 'two');
    const unsent = await farm.rota('push');
    assert.equal(unsent.status, 1);
    assert.match(unsent.stderr, /h3.*no host was switched/s);
    await rmdir(inTheWay);
    const unwell = await farm.rota('deploy', 'resume');
    assert.equal(unwell.status, 1);
    assert.match(unwell.stderr, /Check well on h2|h2.*well/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'one']);
    await writeFile(well, '');
    const resumed = await farm.rota('deploy', 'resume');
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
  });

  test('repair gives back what was changed, beside what is served', async () => {
    await using folder = await temporaryFolder('repair');
    const farm = await farmAtOne(folder.path);
    await farm.write('index.php', 'one');
    await writeFile(join(folder.path, 'targets/h2/srv/wiki/index.php'), 'six');
    await writeFile(join(folder.path, 'targets/h3/srv/wiki/left.php'), 'left');
    const repaired = await farm.rota('deploy', 'repair');
    assert.equal(repaired.status, 0, repaired.stderr);
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
    const slots = await readdir(join(folder.path, 'targets/h2/srv/wiki-cache/revs'));
    assert.ok(slots.some((name) => /^[0-9a-f]{40}\.2$/.test(name)));
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one', 'one']);
  });
});

const patienceMs = 120_000;

async function ends(pid: number): Promise<void> {
  for (const endAt = Date.now() + patienceMs; Date.now() < endAt; await sleep(20)) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
  }
  throw new Error(`process ${pid} did not end`);
}

async function lines(path: string): Promise<readonly string[]> {
  return (await readFile(path, 'utf8')).trim().split('\n');
}
