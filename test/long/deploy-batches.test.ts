import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { appears } from '../support/appears.ts';
import { requires } from '../support/requirements.ts';
import { signalTree } from '../support/rota.ts';
import { stopBetweenWrites } from '../support/stop-between-writes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

suite('batches, and deployers that were replaced', { skip: requires('git') }, () => {
  test('a failure in the middle of many batches: what was never prepared is never switched', async () => {
    await using folder = await temporaryFolder('batches');
    const hosts = localHosts(folder.path, 10);
    const groups = (failureLimit: number) => ({ groups: [{ name: 'all', batch: 2, failureLimit }] });
    const farm = await makeDeployFarm(folder.path, hosts, groups(0));
    await farm.write('index.php', 'one');
    const blocked = `${hosts.folderOf('h5')}-cache`;
    await mkdir(join(blocked, '..'), { recursive: true });
    await writeFile(blocked, 'no folder');
    const stopped = await farm.rota('push');
    assert.equal(stopped.status, 1);
    assert.match(stopped.stderr, /h5.*no host was switched/s);
    assert.deepEqual(await farm.servedByAll('index.php'), Array(10).fill(null));
    await farm.configure(groups(1));
    const others = await farm.rota('push');
    assert.equal(others.status, 3, others.stderr);
    const expected = hosts.names.map((host) => (host === 'h5' ? null : 'one'));
    assert.deepEqual(await farm.servedByAll('index.php'), expected);
    await assert.rejects(access(hosts.folderOf('h5')), 'no link to a version that is not there');
    await rm(blocked);
    assert.equal((await farm.rota('deploy', 'catch-up')).status, 0);
    assert.deepEqual(await farm.servedByAll('index.php'), Array(10).fill('one'));
    // A host that comes back as a new machine gets everything, though nothing else changed.
    await rm(join(hosts.folderOf('h7'), '..'), { recursive: true });
    const renewed = await farm.rota('push');
    assert.equal(renewed.status, 0, renewed.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), Array(10).fill('one'));
  });

  test('held after some groups, the same version goes on when it is promoted; a pause ends by itself', async () => {
    await using folder = await temporaryFolder('held');
    const hosts = localHosts(folder.path, 2);
    const groups = [{ name: 'rest', hosts: ['h1'], pause: 'ask' }, { name: 'canary' }];
    const farm = await makeDeployFarm(folder.path, hosts, { groups, requireClean: true });
    await farm.write('index.php', 'one');
    const held = await farm.rota('push', '--to', 'canary', '--hold');
    assert.match(held.stdout.toString(), /held.*group canary has the version/);
    assert.deepEqual(await farm.servedByAll('index.php'), [null, 'one']);
    await farm.write('index.php', 'two, which nobody has tried');
    const promoted = await farm.rota('deploy', 'promote');
    assert.equal(promoted.status, 0, promoted.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
    await farm.configure({ groups: [{ name: 'rest', hosts: ['h1'], pause: '1s' }, { name: 'canary' }] });
    const paused = await farm.rota('push', '--json');
    assert.match(paused.stdout.toString(), /"stage":"pause-rest"/);
    assert.match((await farm.servedByAll('index.php')).join(), /^two.*two/);
  });

  test('a version that changes a barrier is not taken back by itself', async () => {
    await using folder = await temporaryFolder('barrier');
    const told: string[] = [];
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const { state, text } = JSON.parse(Buffer.concat(parts).toString());
      told.push(`${state}: ${text.replace(/\d{8}-/g, '')}`);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using _server = { [Symbol.asyncDispose]: async () => void server.close() };
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 1), {
      notify: { webhook: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      barriers: ['**/sql/**'],
      checks: [{ name: 'good', command: 'test "$(cat index.php)" != bad' }],
    });
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await farm.write('index.php', 'bad');
    await farm.write('extensions/X/sql/patch.sql', 'ALTER TABLE');
    const result = await farm.rota('push');
    assert.match(
      result.stderr,
      /DEPLOY_FAILED: .*changes extensions\/X\/sql\/patch\.sql, which is a barrier/,
    );
    assert.deepEqual(await farm.servedByAll('index.php'), ['bad']);
    assert.equal((await farm.rota('deploy', 'rollback', '-m', 'oops')).status, 0);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one']);
    // Who is told of it never hears of a success that was none.
    assert.deepEqual(told, [
      'running: prod: push begins',
      'done: prod: 0001 is on 1 host',
      'running: prod: push begins',
      'failed: prod: deploy/prod/0002 did not come to its end; see rota deploy status',
      'running: prod: rollback begins: oops',
      'done: prod: 0001 is on 1 host: oops',
    ]);
  });

  test('a deployer that was stopped and wakes up after another took over changes nothing any more', async () => {
    await using folder = await temporaryFolder('stale');
    const [begun, gate] = [folder.in('begun'), folder.in('gate')];
    const groups = [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }];
    // Its end is waited for; it is longer than a busy machine keeps one from renewing it.
    const lease = { duration: '20s', renewEvery: '1s' };
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), { groups }, lease);
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await farm.configure({
      groups,
      restart: {
        command: `[ "$(cat index.php)" = one ] || { : >'${begun}'; while [ ! -e '${gate}' ]; do sleep 0.05; done; }`,
      },
    });
    await farm.write('index.php', 'two');
    const child = farm.start('push');
    await appears(begun);
    await stopBetweenWrites(join(farm.folder, 'rota.db'), (name) => signalTree(child, name));
    await until(async () => assert.equal((await farm.rota('deploy', 'rollback')).status, 0));
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
    await writeFile(gate, '');
    signalTree(child, 'SIGCONT');
    const woken = await child;
    assert.notEqual(woken.exitCode, 0);
    assert.match(Buffer.from(woken.stderr ?? []).toString(), /LEASE_LOST|RUN_CANCELLED/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
  });
});

async function until(action: () => Promise<unknown>): Promise<void> {
  for (const endAt = Date.now() + 120_000; ; await pause(100)) {
    try {
      await action();
      return;
    } catch (error) {
      if (Date.now() > endAt) throw error;
    }
  }
}
