import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { catalogue } from './catalogue.ts';
import type { CatalogueEntry } from './entry.ts';

const notRooms = ['catalogue.ts', 'entry.ts', 'rota-error.ts'];

test('every code stands in one room only, and every room in the catalogue', async () => {
  const rooms = readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !notRooms.includes(file),
  );
  const codes: string[] = [];
  for (const file of rooms) {
    const exported: Readonly<Record<string, object>> = await import(`./${file}`);
    codes.push(...Object.values(exported).flatMap((room) => Object.keys(room)));
  }
  assert.deepEqual(codes.sort(), Object.keys(catalogue).sort());
});

test('meanings and remedies are sentences', () => {
  for (const [code, entry] of Object.entries<CatalogueEntry>(catalogue)) {
    assert.match(code, /^[A-Z][A-Z0-9_]*$/);
    for (const sentence of [entry.meaning, entry.remedy]) assert.match(sentence, /^\S.*[.?]$/, code);
  }
});
