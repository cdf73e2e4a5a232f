import assert from 'node:assert/strict';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { killIn } from '../deploy/kill-at.ts';
import { requires } from '../support/requirements.ts';
import { startSshHosts } from '../support/ssh-hosts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const skip = requires('sshd', 'rsync');
const odd = "odd $(touch owned) 'name'\n-x/ü \\ ";

suite('deploying by rsync', { skip }, () => {
  test('every byte, only what changed, slots that are used again, drift and its repair, and the way back', async () => {
    await using folder = await temporaryFolder('rsync');
    await using hosts = await startSshHosts(folder.in('net'), 2);
    const settings = {
      keep: 2,
      groups: [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }],
      links: [{ path: 'images' }],
      files: [{ path: 'conf/host.txt', template: './host.txt' }],
      assets: { paths: ['static'] },
      checks: [{ name: 'answers', command: 'test "$(cat index.php)" != broken' }],
    };
    const farm = await makeDeployFarm(folder.in('farm'), hosts, { ...settings, transport: 'rsync' });
    const code = join(farm.folder, 'code');
    await writeFile(join(farm.folder, 'host.txt'), 'I am {{host}}');
    await farm.write('index.php', 'one');
    await farm.write(odd, Buffer.from([0, 255, 13, 10]));
    await farm.write('-rf', 'a name like an option');
    await farm.write('static/app.js', 'one');
    await farm.write('bin/run', '#!/bin/sh\n');
    await farm.write('big', 'x'.repeat(300_000));
    await chmod(join(code, 'bin/run'), 0o755);
    await symlink('../index.php', join(code, 'bin/link'));
    const plan = await farm.rota('push', '--plan');
    assert.match(
      plan.stdout.toString(),
      /transfer \(rsync\).*\n(?:.*\n)* {2}h1 \(canary\): serves nothing; .* files \+7/,
    );
    const push = async () => {
      const result = await farm.rota('push', '--json');
      assert.equal(result.status, 0, result.stderr);
      const events = result.stdout.toString().trim().split('\n');
      return events
        .map((line) => JSON.parse(line))
        .find(({ type, stage }) => type === 'stage-ended' && stage === 'transfer')?.summary;
    };
    const first = await push();
    assert.ok(first.hosts === 2 && first.bytes > 300_000, JSON.stringify(first));
    for (const host of hosts.names) {
      assert.equal(await farm.served(host, odd), Buffer.from([0, 255, 13, 10]).toString('utf8'));
      assert.equal(await readlink(join(hosts.folderOf(host), 'bin/link')), '../index.php');
      assert.equal(await farm.served(host, 'conf/host.txt'), `I am ${host}`);
      const { assets } = JSON.parse((await farm.served(host, 'VERSION.json')) ?? '');
      assert.equal(await readFile(`${hosts.folderOf(host)}-assets/${assets}/static/app.js`, 'utf8'), 'one');
    }
    const verified = async () => {
      const result = await farm.rota('deploy', 'verify', '--content');
      assert.equal(result.status, 0, result.stdout.toString() + result.stderr);
    };
    await verified();

    await rm(join(code, 'bin'), { recursive: true });
    await farm.write('bin', 'a file now');
    await farm.write('index.php', 'two');
    const second = await push();
    assert.ok(second.bytes < 30_000, JSON.stringify(second));
    assert.deepEqual(await farm.servedByAll('bin'), ['a file now', 'a file now']);
    assert.deepEqual((await push()).hosts, 0);

    // What is served is changed in every way there is; one change shows neither in size nor in time.
    const served = hosts.folderOf('h1');
    const same = new Date(1_700_000_000_000);
    await utimes(join(code, 'big'), same, same);
    await writeFile(join(served, 'index.php'), 'ten');
    await rm(join(served, odd));
    await writeFile(join(served, 'more\n'), 'untracked');
    await chmod(join(served, '-rf'), 0o600);
    await rm(join(served, 'bin'));
    await symlink('index.php', join(served, 'bin'));
    await writeFile(join(served, 'conf/host.txt'), 'I am another');
    const { assets } = JSON.parse((await farm.served('h1', 'VERSION.json')) ?? '');
    await writeFile(`${served}-assets/${assets}/static/app.js`, 'ten');
    await writeFile(`${served}-assets/${assets}/static/new.js`, 'new');
    const drift = await farm.rota('deploy', 'verify', '--json');
    const found = drift.stdout
      .toString()
      .trim()
      .split('\n')
      .flatMap((line) => JSON.parse(line))
      .filter(({ host }) => host === 'h1');
    assert.equal(drift.status, 1, JSON.stringify(found));
    assert.deepEqual(
      found.map(({ kind, path }) => `${kind} ${path}`),
      [
        'mode -rf',
        'type bin',
        'modified conf/host.txt',
        'modified index.php',
        'added more\n',
        `deleted ${odd}`,
        `modified wiki-assets/${assets}/static/app.js`,
        `added wiki-assets/${assets}/static/new.js`,
      ],
    );
    assert.equal((await farm.rota('deploy', 'repair')).status, 0);
    await verified();
    assert.equal(await farm.served('h1', 'index.php'), 'two');

    // A retired slot in which a file was changed so that rsync cannot see it is compared byte by byte, and used again.
    const revs = `${served}-cache/revs`;
    const retired = (await readdir(revs)).filter((name) => /^[0-9a-f]{40}(-[0-9a-f]+)?(\.\d)?$/.test(name));
    for (const name of retired) {
      const file = join(revs, name, 'big');
      const { atime, mtime } = await stat(file);
      await writeFile(file, 'y'.repeat(300_000));
      await utimes(file, atime, mtime);
    }
    await farm.write('index.php', 'three');
    await push();
    assert.equal(await farm.served('h1', 'big'), 'x'.repeat(300_000));
    await verified();

    await farm.write('index.php', 'broken');
    assert.match((await farm.rota('push')).stderr, /DEPLOY_ROLLED_BACK/);
    assert.deepEqual(await farm.servedByAll('index.php'), ['three', 'three']);
    const back = await farm.rota('deploy', 'rollback');
    assert.equal(back.status, 0, back.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['two', 'two']);
    await rename(join(code, 'big'), join(code, 'large'));
    await mkdir(join(code, 'big'));
    await farm.write('big/file', 'within');
    await farm.write('index.php', 'four');
    await push();
    await verified();
    assert.deepEqual(await readdir(`${served}-cache/incoming`), []);

    // From one transport to the other and back: what the other made is made anew.
    for (const [transport, word] of [
      ['git', 'five'],
      ['rsync', 'six'],
    ] as const) {
      await farm.configure({ ...settings, transport });
      await farm.write('index.php', word);
      await push();
      assert.deepEqual(await farm.servedByAll('index.php'), [word, word]);
      await verified();
    }
    const other = await farm.rota('deploy', 'rollback');
    assert.equal(other.status, 0, other.stderr);
    assert.deepEqual(await farm.servedByAll('index.php'), ['five', 'five']);
    await verified();
  });

  test('git takes over slots that rsync made: nothing of what lies beside such a slot stays', async () => {
    await using folder = await temporaryFolder('rsync-git');
    const hosts = localHosts(folder.path, 1);
    const settings = { keep: 3, files: [{ path: 'conf', template: './conf.txt' }] };
    const farm = await makeDeployFarm(folder.path, hosts, { ...settings, transport: 'rsync' });
    await writeFile(join(farm.folder, 'conf.txt'), 'a file beside the version');
    const push = async (text: string) => {
      await farm.write('index.php', text);
      const result = await farm.rota('push', '--json');
      assert.equal(result.status, 0, result.stderr);
      return result.stdout.toString();
    };
    for (const text of ['one', 'two', 'three']) await push(text);
    const revs = `${hosts.folderOf('h1')}-cache/revs`;
    const ends = async () => {
      const found = new Map<string, string[]>();
      for (const name of await readdir(revs)) {
        const [, slot = '', end = 'folder'] = /^([^.]+)(?:\.(\w+))?$/.exec(name) ?? [];
        found.set(slot, [...(found.get(slot) ?? []), end].toSorted());
      }
      return [...found.values()].map((one) => one.filter((end) => end !== 'left').join(' ')).toSorted();
    };
    const byRsync = 'commit folder hashes json list site stat sums tree version';
    const byGit = 'commit folder index json list site sums';
    assert.deepEqual(await ends(), [byRsync, byRsync, byRsync]);
    await farm.configure({ ...settings, transport: 'git' });
    assert.match(await push('four'), /"recycled":1/);
    assert.deepEqual(await ends(), [byRsync, byRsync, byGit]);
    const back = await farm.rota('deploy', 'rollback', '--json');
    assert.match(back.stdout.toString(), /"renewed":1/);
    assert.equal(await farm.served('h1', 'index.php'), 'three');
    assert.deepEqual(await ends(), [byRsync, byGit, byGit]);
  });

  test('a deployer that is killed at every stage: resume brings the new version, rollback the old one', async () => {
    await using folder = await temporaryFolder('rsync-kills');
    const farm = await makeDeployFarm(folder.path, localHosts(folder.path, 2), {
      transport: 'rsync',
      groups: [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }],
    });
    await farm.write('index.php', '0');
    assert.equal((await farm.rota('push')).status, 0);
    let [live, next] = ['0', 0];
    for (const stage of ['transfer', 'prepare', 'rollout-canary', 'rollout-all', 'finalize']) {
      for (const way of ['resume', 'rollback'] as const) {
        const word = String(++next);
        await farm.write('index.php', word);
        await killIn(farm, stage);
        const result = await farm.rota('deploy', way);
        const where = `killed at ${stage}, then ${way}: ${result.stderr}`;
        if (way === 'resume') {
          assert.equal(result.status, 0, where);
          live = word;
        } else assert.ok(result.status === 0 || result.status === 2 || result.status === 4, where);
        const [one, two] = await farm.servedByAll('index.php');
        assert.equal(one, two, where);
        if (way === 'resume') assert.equal(one, live, where);
        else live = one ?? '';
      }
    }
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
  });
});
