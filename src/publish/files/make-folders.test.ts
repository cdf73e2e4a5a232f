import assert from 'node:assert/strict';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { makeFolders } from './make-folders.ts';

test('folders are made with those above them; what is there, also by a link, stays', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a', 'b', 'c');
  assert.equal(await makeFolders(`${relative(process.cwd(), path)}/`, 0o700), join(folder.path, 'a'));
  assert.equal((await stat(path)).mode & 0o777, 0o700);
  assert.equal(await makeFolders(path), undefined);
  symlinkSync(path, join(folder.path, 'link'));
  assert.equal(await makeFolders(join(folder.path, 'link', 'd')), join(folder.path, 'link', 'd'));
  assert.equal(existsSync(join(path, 'd')), true);
  assert.equal(await makeFolders('/'), undefined);
});

test('many at once make the same folders', async () => {
  await using folder = await temporaryFolder();
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, i) => makeFolders(join(folder.path, 'x', 'y', `${i % 4}`))),
  );
  assert.equal(made.filter((one) => one === join(folder.path, 'x')).length, 1);
});

test('where no folder can be made that is said, and the search for a place ends', async () => {
  await using folder = await temporaryFolder();
  writeFileSync(join(folder.path, 'file'), '');
  symlinkSync(join(folder.path, 'nowhere'), join(folder.path, 'dangling'));
  for (const path of ['file', 'file/below', 'dangling', 'dangling/below']) {
    await assert.rejects(makeFolders(join(folder.path, path)), { code: 'FILE_UNWRITABLE' }, path);
  }
});

test('a file system that takes no folders is named', { skip: !existsSync('/proc/self') }, async () => {
  for (const path of ['/proc/rota-none', '/proc/rota-none/below']) {
    await assert.rejects(
      makeFolders(path),
      /Cannot make the folder \/proc\/rota-none: the file system of \/proc takes no/,
    );
  }
});
