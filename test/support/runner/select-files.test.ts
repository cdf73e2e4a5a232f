import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryFolder } from '../temporary-folder.ts';
import { selectFiles } from './select-files.ts';

test('files are chosen by words in their path; the long ones only when asked for, those with servers first', async () => {
  await using folder = await temporaryFolder();
  for (const name of ['src/core', 'test/long', 'test/faults'])
    mkdirSync(folder.in(name), { recursive: true });
  for (const file of [
    'src/core/ids.test.ts',
    'src/core/ids.ts',
    'test/long/fuzz.test.ts',
    'test/faults/disk.test.ts',
  ]) {
    writeFileSync(folder.in(file), '');
  }
  const select = (long: boolean, ...filters: readonly string[]) =>
    selectFiles(folder.path, { long, filters });
  assert.deepEqual(select(false), ['test/faults/disk.test.ts', 'src/core/ids.test.ts']);
  assert.deepEqual(select(false, 'core', 'nothing'), ['src/core/ids.test.ts']);
  assert.deepEqual(select(true), ['test/long/fuzz.test.ts']);
});
