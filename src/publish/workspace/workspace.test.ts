import assert from 'node:assert/strict';
import { access, mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { jobName, runId, subjectName } from '../../core/ids.ts';
import { ManualClock } from '../../core/manual-clock.ts';
import { temporaryFolder, treesIn } from '../testing/temporary-folder.ts';
import { removeDeadWorkspaces } from './remove-dead-workspaces.ts';
import { Tree } from './tree.ts';
import { parseWorkspaceName, Workspace, workPath, workspaceName } from './workspace.ts';

const run = runId(jobName('full-dump'), subjectName('frwiki'), '20261122');

test('a workspace is private, lies outside the served tree, and opens again', async () => {
  await using folder = await temporaryFolder();
  const trees = await treesIn(folder.path);
  const workspace = await Workspace.open(trees.public, run, 3);
  const piece = await workspace.openPiece(7, '2.15');
  assert.equal((await stat(workspace.folder)).mode & 0o777, 0o700);
  assert.equal((await stat(piece)).mode & 0o777, 0o700);
  assert.equal(dirname(workspace.folder), join(folder.path, 'public.work'));
  assert.match(piece, /\/full-dump~frwiki~20261122\.3\/p7\.2\.15-[0-9a-f]{8}$/);
  assert.notEqual(await workspace.openPiece(7, '2.15'), piece, 'each attempt has its own folder');
  await writeFile(join(piece, 'x'), 'x');
  await workspace.sync(piece);
  const again = await Workspace.open(trees.public, run, 3);
  const committed = again.committedPath(join(piece, 'x'));
  assert.equal(workPath(trees.public, committed), join(piece, 'x'));
  await again.remove();
  assert.deepEqual(await readdir(trees.public.workRoot), []);
});

test('paths and names that leave their folder are refused', async () => {
  await using folder = await temporaryFolder();
  const trees = await treesIn(folder.path);
  const workspace = await Workspace.open(trees.public, run, 1);
  assert.throws(() => workPath(trees.public, '../public/x'), { code: 'UNSAFE_FILE_NAME' });
  assert.throws(() => workPath(trees.public, '/etc/passwd'), { code: 'UNSAFE_FILE_NAME' });
  assert.throws(() => workspace.committedPath('/etc/passwd'), { code: 'UNSAFE_FILE_NAME' });
  assert.throws(() => workspace.committedPath(workspace.folder), { code: 'UNSAFE_FILE_NAME' });
  await assert.rejects(workspace.openPiece('../x', 1), { code: 'UNSAFE_FILE_NAME' });
  assert.throws(() => trees.public.wikiFolder('..'), { code: 'UNSAFE_FILE_NAME' });
  assert.throws(() => trees.public.file('w', '20260101', 'a/b'), { code: 'UNSAFE_FILE_NAME' });
});

test('names of workspaces are read back', () => {
  assert.deepEqual(parseWorkspaceName(workspaceName(run, 12)), { run, epoch: 12 });
  assert.equal(parseWorkspaceName('lost+found'), null);
});

test('a work folder inside the tree, around it, or on another file system is refused', async (t) => {
  await using folder = await temporaryFolder();
  const root = join(folder.path, 'public');
  for (const work of [join(root, 'work'), folder.path, root]) {
    await assert.rejects(new Tree({ root, work, audience: 'public' }).prepare(), {
      code: 'WORKSPACE_MISPLACED',
    });
  }
  const here = (await stat(folder.path)).dev;
  const other = await stat('/dev/shm').catch(() => null);
  if (other === null || other.dev === here) {
    t.diagnostic('no second file system to try');
    return;
  }
  const elsewhere = await access('/dev/shm', 2).then(
    () => true,
    () => false,
  );
  if (!elsewhere) return;
  await assert.rejects(
    new Tree({ root, work: '/dev/shm', audience: 'public' }).prepare(),
    /on another file system than the public tree/,
  );
});

test('only workspaces that are idle for a day and not needed are removed', async () => {
  await using folder = await temporaryFolder();
  const trees = await treesIn(folder.path);
  const clock = new ManualClock('2026-11-22T12:00:00Z');
  const old = new Date('2026-11-21T11:00:00Z');
  const fresh = new Date('2026-11-22T11:00:00Z');
  const make = async (epoch: number, piece: Date) => {
    const workspace = await Workspace.open(trees.public, run, epoch);
    const inside = await workspace.openPiece(1, 1);
    await utimes(inside, piece, piece);
    await utimes(workspace.folder, old, old);
    return workspaceName(run, epoch);
  };
  const dead = await make(1, old);
  const active = await make(2, fresh);
  const needed = await make(3, old);
  const foreign = join(trees.public.workRoot, 'lost+found');
  await mkdir(foreign);
  await utimes(foreign, old, old);
  const isNeeded = async (_run: unknown, epoch: number) => epoch === 3;
  assert.deepEqual(await removeDeadWorkspaces(trees.public, { clock, isNeeded }), [dead]);
  assert.deepEqual(
    (await readdir(trees.public.workRoot)).toSorted(),
    [active, needed, 'lost+found'].toSorted(),
  );
});
