import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { commandTable } from '../completion/command-table.ts';
import { allCommands } from './command-texts.ts';
import { manPage } from './man-page.ts';
import { generatedPages } from './pages.ts';

for (const [name, make] of Object.entries(generatedPages)) {
  test(`docs/${name} is as the code says`, () => {
    const committed = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
    assert.ok(committed === make(), `make it anew with \`npm run docs\``);
  });
}

test('the man page has every command, in ASCII, and nothing in it is a request by accident', () => {
  const page = manPage();
  assert.match(page, /^[\n -~]+$/);
  for (const { words } of commandTable(allCommands()).filter(({ words }) => words.at(-1) !== 'help')) {
    const name = ['rota', ...words].join(' ').replaceAll('-', '\\-');
    assert.ok(words.length === 0 || page.includes(`.SS ${name}\n`), name);
  }
  const requests = new Set([...page.matchAll(/^['.]\S*/gm)].map(([request]) => request));
  assert.deepEqual([...requests].toSorted(), ['.B', '.PP', '.SH', '.SS', '.TH', '.TP', '.\\"']);
});
