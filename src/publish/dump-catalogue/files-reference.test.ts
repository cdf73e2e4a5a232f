import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { filesReference } from './files-reference.ts';

test('docs/reference/files.md is what the catalogue says', async () => {
  const written = await readFile(new URL('../../../docs/reference/files.md', import.meta.url), 'utf8');
  assert.equal(written, filesReference());
});
