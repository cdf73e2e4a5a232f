import assert from 'node:assert/strict';
import { chmod, chown, lchown, readlink, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const isRoot = process.getuid?.() === 0;

suite('what git and lists of files do not tell', { concurrency: 2 }, () => {
  for (const transport of ['git', 'rsync']) {
    const skip = transport === 'rsync' ? requires('rsync') : false;
    test(`is found by verify and gone after repair: rights, owners, VERSION.json (${transport})`, {
      skip,
    }, async () => {
      await using folder = await temporaryFolder(`drift-${transport}`);
      const hosts = localHosts(folder.path, 1);
      const farm = await makeDeployFarm(folder.path, hosts, { transport });
      await farm.write('index.php', 'one');
      await farm.write('a/b.php', 'two');
      const at = (path: string) => join(hosts.folderOf('h1'), path);
      assert.equal((await farm.rota('push')).status, 0);
      const drift = async () => {
        const result = await farm.rota('deploy', 'verify', '--json');
        const lines = result.stdout.toString().split('\n');
        const rows = lines.filter((line) => line !== '').map((line) => JSON.parse(line));
        assert.equal(result.status, rows.length === 0 ? 0 : 1, result.stderr);
        return rows.map(({ kind, path }) => `${kind} ${path}`);
      };
      const changes: readonly (readonly [readonly string[], () => Promise<void>])[] = [
        [
          ['mode .', 'mode a', ...(isRoot ? ['owner a/b.php'] : []), 'mode index.php'],
          async () => {
            await chmod(at('index.php'), 0o4644);
            await chmod(at('a'), 0o777);
            await chmod(at('.'), 0o777);
            if (isRoot) await lchown(at('a/b.php'), 65_534, 65_534);
          },
        ],
        [
          ['modified VERSION.json'],
          async () => {
            await rm(at('VERSION.json'));
            await symlink('/etc/hostname', at('VERSION.json'));
          },
        ],
        [['modified VERSION.json'], () => writeFile(at('VERSION.json'), '{}')],
      ];
      assert.deepEqual(await drift(), []);
      for (const [said, change] of changes) {
        await change();
        assert.deepEqual(await drift(), said);
        const repair = await farm.rota('deploy', 'repair');
        assert.equal(repair.status, 0, repair.stderr);
        assert.deepEqual(await drift(), [], `after the repair of ${said}`);
      }
      assert.equal((await stat(at('index.php'))).mode & 0o7777, 0o644);
      assert.match(await readlink(at('VERSION.json')), /^\.\.\/[0-9a-f]{40}(\.\d+)?\.json$/);
    });

    test(`what was changed in a folder out of service does not come back by a rollback (${transport})`, {
      skip,
    }, async () => {
      await using folder = await temporaryFolder(`retired-${transport}`);
      const hosts = localHosts(folder.path, 1);
      const farm = await makeDeployFarm(folder.path, hosts, { transport });
      const pushed = async (text: string) => {
        await farm.write('index.php', text);
        const { status, stderr } = await farm.rota('push');
        assert.equal(status, 0, stderr);
      };
      await pushed('one');
      const retired = await realpath(hosts.folderOf('h1'));
      await pushed('two');
      await chmod(join(retired, 'index.php'), 0o4644);
      const back = await farm.rota('deploy', 'rollback');
      assert.equal(back.status, 0, back.stderr);
      assert.deepEqual(await farm.servedByAll('index.php'), ['one']);
      assert.equal((await stat(join(hosts.folderOf('h1'), 'index.php'))).mode & 0o7777, 0o644);
    });
  }

  test('a secret that another group may read is found and gone after repair', {
    skip: isRoot ? false : 'only root gives a file to another group at will',
  }, async () => {
    await using folder = await temporaryFolder('drift-secret');
    const hosts = localHosts(folder.path, 1);
    await writeFile(join(folder.path, 'keys'), 'a secret', { mode: 0o600 });
    const secrets = [{ path: 'keys.php', file: './keys', group: 'daemon' }];
    const farm = await makeDeployFarm(folder.path, hosts, { secrets });
    await farm.write('index.php', 'one');
    assert.equal((await farm.rota('push')).status, 0);
    assert.equal((await farm.rota('deploy', 'verify')).status, 0);
    const secret = join(hosts.folderOf('h1'), 'keys.php');
    const { gid } = await stat(secret);
    await chown(secret, 0, 65_534);
    const found = await farm.rota('deploy', 'verify');
    assert.equal(found.status, 1);
    assert.match(found.stdout.toString(), /h1 +owner +keys\.php/);
    assert.equal((await farm.rota('deploy', 'repair')).status, 0);
    assert.equal((await farm.rota('deploy', 'verify')).status, 0);
    assert.equal((await stat(secret)).gid, gid);
  });
});
