import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { PageChangeKind } from '../../export/changes/page-change.ts';

test('the schema knows every kind of record that is written', () => {
  const path = new URL('../../../docs/reference/page-changes.schema.json', import.meta.url);
  const schema = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly oneOf: readonly { readonly properties: { readonly kind: { readonly const: string } } }[];
  };
  const kinds: Readonly<Record<PageChangeKind, true>> = {
    siteinfo: true,
    actor: true,
    page: true,
    'page-gone': true,
    'rev-gone': true,
    'rev-moved': true,
    'rev-meta': true,
  };
  assert.deepEqual(
    schema.oneOf.map(({ properties }) => properties.kind.const),
    Object.keys(kinds),
  );
});
