import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { systemClock } from '../../src/core/clock.ts';
import { promote } from '../../src/jobs/deploy/target/programs/promote.ts';
import { localTransport } from '../../src/jobs/deploy/transport/local-transport.ts';
import { Session } from '../../src/jobs/deploy/transport/session.ts';
import { requires, requiresRoot } from '../support/requirements.ts';
import { startSshHosts } from '../support/ssh-hosts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';

suite('hosts that fail', { skip: requires('sshd') }, () => {
  test('one that hangs is named after its deadline, the others go on, and it catches up later', async () => {
    await using folder = await temporaryFolder('hang');
    await using hosts = await startSshHosts(folder.in('net'), 3);
    const ssh = { ...(hosts.settings.ssh as object), connectTimeout: '40s' };
    const farm = await makeDeployFarm(folder.in('farm'), hosts, {
      ssh,
      groups: [{ name: 'all', failureLimit: 1 }],
    });
    await farm.write('index.php', 'one');
    const first = await farm.rota('push');
    assert.equal(first.status, 0, first.stderr);
    hosts.freeze('h2');
    await farm.write('index.php', 'two');
    const result = await farm.rota('push');
    assert.equal(result.status, 3, result.stderr);
    assert.match(result.stdout.toString(), /1 of 3 hosts does not serve .*h2/);
    hosts.thaw('h2');
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'one', 'two']);
    const late = await farm.rota('deploy', 'catch-up');
    assert.equal(late.status, 0, late.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two', 'two']);
  });
});

suite('a disk without room', { skip: requires('git') || requiresRoot() }, () => {
  test('is named, what is served stays whole, and the next deployment goes through', async () => {
    await using folder = await temporaryFolder('full');
    const hosts = localHosts(folder.path, 2);
    const mounted = join(folder.path, 'targets', 'h1');
    await mkdir(mounted, { recursive: true });
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mounted]);
    await using _mount = { [Symbol.asyncDispose]: async () => void (await execa('umount', ['-l', mounted])) };
    const farm = await makeDeployFarm(folder.path, hosts);
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    await farm.write('big', randomBytes(6_000_000));
    await farm.write('index.php', 'two');
    const result = await farm.rota('push');
    assert.equal(result.status, 1);
    assert.match(result.stderr, /TARGET_DISK_FULL|h1 has no room left/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['one', 'one']);
    await rm(join(farm.folder, 'code/big'));
    const next = await farm.rota('push');
    assert.equal(next.status, 0, next.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two']);
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
  });
});

suite('switching', { skip: requires('git') }, () => {
  test('a reader in a loop never misses a file and never sees two versions in one folder', async () => {
    await using folder = await temporaryFolder('switch');
    const hosts = localHosts(folder.path, 1);
    const farm = await makeDeployFarm(folder.path, hosts, { checks: [] });
    for (const text of ['one', 'two']) {
      await farm.write('a', text);
      await farm.write('b', text);
      const result = await farm.rota('push');
      assert.equal(result.status, 0, result.stderr);
    }
    const path = hosts.folderOf('h1');
    const reader = spawn(process.execPath, ['-e', readerScript, path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let said = '';
    reader.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const slots = (await execa('ls', [`${path}-cache/revs`])).stdout
      .split('\n')
      .filter((name) => /^[0-9a-f]{40}$/.test(name));
    assert.equal(slots.length, 2);
    const { stdout: held } = await execa('cat', [`${path}-cache/state/fence`]);
    const [store = '', generation, counter] = held.split(' ');
    const fence = { store, generation: Number(generation), counter: Number(counter) };
    await using session = await Session.open({
      host: { name: 'h1', address: { kind: 'local' }, root: '' },
      transport: localTransport(),
      clock: systemClock,
      connectTimeoutMs: 60_000,
      leaseMs: 60_000,
    });
    for (let i = 0; i < 100; i++) {
      const { status } = await session.run(
        promote({ path, deadlineMs: 60_000, fence, slot: slots[i % 2] ?? '', run: 'deploy/prod/x' }),
      );
      assert.equal(status, 0);
    }
    reader.stdin.end();
    await once(reader, 'close');
    const seen = JSON.parse(said);
    assert.equal(seen.missing, 0);
    assert.equal(seen.mixed, 0);
    assert.ok(seen.reads > 100, `${seen.reads} reads`);
  });
});

/** Reads through the link and within one resolved folder until its input ends. */
const readerScript = `
const fs = require('node:fs'), path = process.argv[1];
let going = true, reads = 0, missing = 0, mixed = 0;
process.stdin.on('end', () => { going = false; }).resume();
const again = () => {
  for (let i = 0; i < 200; i++) {
    reads++;
    try {
      fs.readFileSync(path + '/a');
      const real = fs.realpathSync(path);
      if (fs.readFileSync(real + '/a', 'utf8') !== fs.readFileSync(real + '/b', 'utf8')) mixed++;
    } catch { missing++; }
  }
  if (going) setImmediate(again);
  else console.log(JSON.stringify({ reads, missing, mixed }));
};
again();
`;
