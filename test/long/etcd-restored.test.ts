// What was published after the snapshot that etcd was restored from is there, but the store does not know it.
import assert from 'node:assert/strict';
import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { makeOperationsFarm, rota, rotaJson, showRun } from '../operations/operations-farm.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const wiki = 'alphawiki';
const [first, second, third] = ['20260101', '20260102', '20260103'];

it('a dump is not published twice after etcd was restored from a snapshot', {
  skip: requires('etcd', 'bzip2'),
}, async () => {
  await using folder = await temporaryFolder('restored');
  await using etcd = await startEtcd();
  const farm = await makeOperationsFarm(folder.path, [wiki], { farm: { store: { etcd: etcd.endpoints } } });
  const dump = async (date: string) => rota(farm, 'dump', wiki, '--date', date);
  const dumped = async (date: string) => {
    const { status, stderr } = await dump(date);
    assert.equal(status, 0, stderr);
  };
  await dumped(first);
  const snapshot = folder.in('snapshot.db');
  await etcd.snapshot(snapshot);
  await dumped(second);
  const published = await filesOf(join(folder.path, 'public', wiki, second));
  assert.ok(Object.keys(published).length > 5);

  await etcd.restore(snapshot);
  const generation = await rota(farm, 'store', 'new-generation', '--yes');
  assert.equal(generation.status, 0, generation.stderr);
  assert.match(generation.stdout.toString(), /generation 2/);

  // The store would publish the second date once more; what readers have of it stays, and that is said.
  const again = await dump(second);
  assert.equal(again.status, 1, again.stderr);
  assert.match(again.stderr, new RegExp(`PUBLISHED_FILE_DIFFERS: .*/${second}/.* left as it is`));
  assert.equal((await showRun(farm, wiki)).state, 'failed');
  const now = await filesOf(join(folder.path, 'public', wiki, second));
  for (const [name, node] of Object.entries(published))
    if (isDump(name)) assert.equal(now[name], node, `${name} is the file that was published before`);

  // Once what is named is out of the way it is published; the farm goes on with its next date.
  let told = again;
  for (let moved = 0; told.status === 1 && moved < 20; moved++) {
    const [, path = ''] = /PUBLISHED_FILE_DIFFERS: (\S+) is already/.exec(told.stderr) ?? [];
    await rename(path, folder.in(`moved-${moved}`));
    const resumed = await rota(farm, 'run', 'resume', `full-dump/${wiki}/${second}`);
    assert.equal(resumed.status, 0, resumed.stderr);
    told = await dump(second);
  }
  assert.equal(told.status, 0, told.stderr);
  await dumped(third);
  const newest = await filesOf(join(folder.path, 'public', wiki, third));
  assert.deepEqual(Object.keys(newest).filter(isDump).length, Object.keys(published).filter(isDump).length);
  const states = await rotaJson<{ id: string; state: string }>(farm, 'run', 'list');
  assert.deepEqual(states.map(({ id, state }) => `${id} ${state}`).sort(), [
    `full-dump/${wiki}/${first} done`,
    `full-dump/${wiki}/${second} done`,
    `full-dump/${wiki}/${third} done`,
  ]);
});

/** Files of a dump's contents; reports of how it went are written anew each time. */
const isDump = (name: string) => /\.(xml|txt|sql)\.(zst|bz2|gz)$/.test(name);

/** The inode of each file: another file of the same content has another. */
async function filesOf(folder: string): Promise<Readonly<Record<string, bigint>>> {
  const found: Record<string, bigint> = {};
  for (const name of await readdir(folder)) {
    const { ino } = await stat(join(folder, name), { bigint: true });
    found[name] = ino;
  }
  return found;
}
