import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';

const secret = 'correct horse battery staple';

suite('what lies beside the version', { skip: requires('git') }, () => {
  test('files, secrets and links go with the switch; a careful umask takes no right away; no secret is told', async () => {
    await using folder = await temporaryFolder('content');
    const hosts = localHosts(folder.path, 2);
    const umask = process.umask(0o022);
    try {
      const farm = await makeDeployFarm(folder.path, hosts, {
        links: [{ path: 'images' }],
        files: [{ path: 'conf/host.php', template: './host.tpl' }],
        secrets: [{ path: 'private/keys.php', file: './keys.php' }],
        vars: { note: "it's" },
      });
      await writeFile(
        join(folder.path, 'host.tpl'),
        '<?php // {{host}} {{group}} {{environment}} {{note|php}}\n',
      );
      await writeFile(join(folder.path, 'keys.php'), `<?php $key = '${secret}';\n`);
      await farm.write('index.php', 'one');
      await farm.write('images/README', 'is no part of a version');
      await farm.write('private/keys.php', 'nor is this');
      process.umask(0o077);
      const first = await farm.rota('push', '--verbose');
      assert.equal(first.status, 0, first.stderr);
      assert.equal(await farm.served('h1', 'conf/host.php'), "<?php // h1 all prod 'it\\'s'\n");
      assert.equal(await farm.served('h2', 'private/keys.php'), `<?php $key = '${secret}';\n`);
      assert.deepEqual(await readdir(join(hosts.folderOf('h1'), 'images')), []);
      const modeOf = async (path: string) => (await stat(join(hosts.folderOf('h1'), path))).mode & 0o777;
      assert.equal(await modeOf('index.php'), 0o644);
      assert.equal(await modeOf('.'), 0o755);
      assert.equal(await modeOf('conf/host.php'), 0o644);
      assert.equal(await modeOf('private/keys.php'), 0o640);
      assert.equal(await modeOf('images'), 0o755);
      await writeFile(join(hosts.folderOf('h1'), 'images/cat.png'), 'uploaded');

      // The same code, but another template: nothing is written into what is served.
      const served = await readFile(join(hosts.folderOf('h1'), 'conf/host.php'), 'utf8');
      await writeFile(join(folder.path, 'host.tpl'), 'new {{host}}\n');
      const planned = await farm.rota('push', '--plan', '--json');
      assert.notEqual(served, 'new h1\n');
      assert.equal(await farm.served('h1', 'conf/host.php'), served);
      const second = await farm.rota('push', JSON.parse(planned.stdout.toString()).id);
      assert.equal(second.status, 0, second.stderr);
      assert.deepEqual(await farm.servedByAll('conf/host.php'), ['new h1\n', 'new h2\n']);
      assert.equal(await farm.served('h1', 'images/cat.png'), 'uploaded');

      await writeFile(join(hosts.folderOf('h2'), 'private/keys.php'), 'edited there');
      const drift = await farm.rota('deploy', 'verify', '--json');
      assert.deepEqual(JSON.parse(drift.stdout.toString()), {
        host: 'h2',
        kind: 'modified',
        path: 'private/keys.php',
      });
      const repaired = await farm.rota('deploy', 'repair');
      assert.equal(repaired.status, 0, repaired.stderr);
      assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);

      for (const { stdout, stderr } of [first, planned, second, drift, repaired])
        assert.ok(!`${stdout}${stderr}`.includes('horse'));
      // Not in the repository, its plans, the run store or any log, plainly or compressed by git.
      const found = await execa('grep', ['-rl', 'horse', '--exclude=keys.php', '.'], {
        cwd: folder.path,
        reject: false,
      });
      assert.equal(found.stdout, '');
      const git = ['--git-dir', join(folder.path, 'deploy/prod.git')];
      const objects = await execa('git', [...git, 'cat-file', '--batch-all-objects', '--batch']);
      assert.ok(objects.stdout.includes('one') && !objects.stdout.includes('horse'));
    } finally {
      process.umask(umask);
    }
  });

  test('static files of the new version are on every host before the first host serves it, and stay', async () => {
    await using folder = await temporaryFolder('assets');
    const hosts = localHosts(folder.path, 2);
    const other = `${hosts.folderOf('h2')}-assets`;
    const farm = await makeDeployFarm(folder.path, hosts, {
      groups: [{ name: 'canary', hosts: ['h1'] }, { name: 'all' }],
      assets: { paths: ['static'], keep: 2 },
      // Asked on the canary, while the other host serves what it had.
      checks: [
        {
          name: 'found elsewhere',
          groups: ['canary'],
          on: 'deployer',
          command: `grep -qx "$(cat '${hosts.folderOf('h1')}/static/app.js')" '${other}'/*/static/app.js`,
        },
      ],
    });
    for (const text of ['one', 'two', 'three']) {
      await farm.write('static/app.js', text);
      const result = await farm.rota('push');
      assert.equal(result.status, 0, result.stderr);
    }
    const states = (await readdir(other)).filter((name) => !name.startsWith('.'));
    const texts = await Promise.all(
      states.map((name) => readFile(join(other, name, 'static/app.js'), 'utf8')),
    );
    assert.deepEqual(texts.sort(), ['three', 'two']);
    const { assets } = JSON.parse((await farm.served('h1', 'VERSION.json')) ?? '');
    const timeOn = async (host: string) =>
      (await stat(join(`${hosts.folderOf(host)}-assets`, assets, 'static/app.js'))).mtimeMs;
    assert.equal(await timeOn('h1'), await timeOn('h2'));
    const statics = join(other, assets, 'static');
    await writeFile(join(statics, 'app.js'), 'taken');
    await writeFile(join(statics, 'more.js'), 'added');
    // As if all of it happened within one second: as long, and as old, as what was published.
    const second = new Date(Math.floor((await timeOn('h1')) / 1000) * 1000);
    const repository = `${hosts.folderOf('h2')}-cache/repo`;
    await execa('git', ['--git-dir', repository, 'config', 'core.trustctime', 'false']);
    await utimes(join(statics, 'app.js'), second, second);
    await utimes(join(other, `.${assets}.index`), second, second);
    for (const how of [[], ['--content']]) {
      const drift = await farm.rota('deploy', 'verify', '--json', ...how);
      assert.equal(drift.status, 1, drift.stderr);
      const rows = drift.stdout.toString().trim().split('\n');
      assert.deepEqual(
        rows.map((row) => JSON.parse(row)),
        [
          { host: 'h2', kind: 'modified', path: `wiki-assets/${assets}/static/app.js` },
          { host: 'h2', kind: 'added', path: `wiki-assets/${assets}/static/more.js` },
        ],
      );
    }
    const repaired = await farm.rota('deploy', 'repair');
    assert.equal(repaired.status, 0, repaired.stderr);
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
    assert.equal((await farm.rota('deploy', 'verify')).status, 0);
    assert.equal(await timeOn('h2'), await timeOn('h1'));
    await rm(join(other, assets), { recursive: true });
    const lost = await farm.rota('deploy', 'verify', '--json');
    assert.deepEqual(JSON.parse(lost.stdout.toString()), {
      host: 'h2',
      kind: 'deleted',
      path: `wiki-assets/${assets}`,
    });
    await rm(join(farm.folder, 'code/static'), { recursive: true });
    await mkdir(join(farm.folder, 'code/other'));
    await farm.write('other/x', 'x');
    const gone = await farm.rota('push');
    assert.equal(gone.status, 1);
    assert.match(gone.stderr, /SOURCE_UNFIT: assets names static, which is not in the version/);
  });
});
