import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { generatedPages } from './pages.ts';

for (const [name, make] of Object.entries(generatedPages)) {
  test(`docs/reference/${name} is as the code says`, () => {
    const committed = readFileSync(new URL(`../../../docs/reference/${name}`, import.meta.url), 'utf8');
    assert.ok(committed === make(), `make it anew with \`npm run docs\``);
  });
}
