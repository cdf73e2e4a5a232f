import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBed } from './bed.ts';
import { sql } from './database.ts';
import { requires } from './requirements.ts';

test('the shared server answers', { skip: requires('mariadb') }, async () => {
  assert.deepEqual(await sql(testBed().mariadb, 'mysql', 'SELECT 1, 2'), [['1', '2']]);
});
