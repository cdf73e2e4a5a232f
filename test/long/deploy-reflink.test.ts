import assert from 'node:assert/strict';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { OPTIONAL_MARK, program, requires, requiresRoot } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** An XFS in a file, mounted: one of the file systems whose files can share blocks. Null where this machine may mount none. */
async function mountXfs(folder: string): Promise<(AsyncDisposable & { readonly path: string }) | null> {
  const [image, path] = [join(folder, 'image'), join(folder, 'xfs')];
  await writeFile(image, '');
  await truncate(image, 400 * 1024 * 1024);
  await mkdir(path);
  await execa(program('mkfs.xfs'), ['-q', image]);
  if ((await execa('mount', ['-o', 'loop', image, path], { reject: false })).exitCode !== 0) return null;
  return {
    path,
    async [Symbol.asyncDispose]() {
      await execa('umount', [path]);
      await rm(image);
    },
  };
}

suite('a file system whose files share blocks', { skip: requires('git', 'xfs') || requiresRoot() }, () => {
  test('new slots and spares share what did not change, hold exactly the version, and do not see each other’s changes', async (t) => {
    await using folder = await temporaryFolder('reflink');
    await using disk = await mountXfs(folder.path);
    if (disk === null) return t.skip(`${OPTIONAL_MARK}may not mount`);
    const hosts = localHosts(disk.path, 1);
    const farm = await makeDeployFarm(folder.path, hosts, { keep: 4 });
    const served = hosts.folderOf('h1');
    const big = 'x'.repeat(4 * 1024 * 1024);
    await farm.write('big', big);
    await farm.write('small', 'one');
    const shares = async (file: string) =>
      (await execa(program('filefrag'), ['-v', file])).stdout.includes('shared');
    const push = async () => {
      const result = await farm.rota('push', '--json');
      assert.equal(result.status, 0, result.stderr);
      const events = result.stdout
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      return events.find(({ type, stage }) => type === 'stage-ended' && stage === 'prepare')?.summary;
    };
    assert.deepEqual(await push(), { new: 1 });
    assert.equal(await shares(join(served, 'big')), false);
    await farm.write('small', 'two');
    // Changed where it is served, and untracked: none of it may come to the next slot.
    await writeFile(join(served, 'small'), 'edited');
    await writeFile(join(served, 'more'), 'untracked');
    assert.deepEqual(await push(), { shared: 1 });
    assert.equal(await shares(join(served, 'big')), true);
    assert.equal(await farm.served('h1', 'small'), 'two');
    assert.equal(await farm.served('h1', 'more'), null);
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
    await writeFile(join(served, 'big'), 'y');
    assert.equal((await farm.rota('deploy', 'rollback')).status, 0);
    assert.equal((await farm.rota('deploy', 'verify', '--content')).status, 0);
    assert.equal((await farm.served('h1', 'big'))?.length, big.length);

    await farm.configure({ keep: 4, slots: { minAge: '0s', unseenProcesses: 'ignore', spare: true } });
    await farm.write('small', 'three');
    await push();
    const spare = `${served}-cache/revs/spare/big`;
    // It is made in the background.
    for (const endAt = Date.now() + 60_000; Date.now() < endAt; await new Promise((r) => setTimeout(r, 50)))
      if ((await execa('test', ['-e', spare], { reject: false })).exitCode === 0) break;
    assert.equal(await shares(spare), true);
  });
});
