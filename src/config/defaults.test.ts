import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultsIn } from './defaults.ts';
import { configJsonSchema, type JsonSchema, schemaOf } from './json-schema.ts';
import { environment } from './schema/environment.ts';
import { farmSchema } from './schema/farm.ts';
import { fullDumpJob } from './schema/full-dump.ts';

test('defaults are those that the JSON schema and the reference tell', () => {
  for (const schema of [farmSchema, fullDumpJob, environment]) {
    assert.deepEqual(defaultsIn(schema), told(schemaOf(schema)));
  }
  assert.deepEqual(defaultsIn(farmSchema), told(configJsonSchema()));
  assert.equal((defaultsIn(farmSchema).lease as { readonly duration?: string }).duration, '30s');
});

function told(schema: JsonSchema): Readonly<Record<string, unknown>> {
  const entries = Object.entries(schema.properties ?? {}).flatMap(([key, property]): [string, unknown][] => {
    if (property.default !== undefined) return [[key, property.default]];
    return property.properties === undefined ? [] : [[key, told(property)]];
  });
  return Object.fromEntries(entries);
}
