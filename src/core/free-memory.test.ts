import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FreeMemory } from './free-memory.ts';

test('what was given back is taken again, the smallest that fits', () => {
  const memory = new FreeMemory(3, 8 << 20);
  const [small, large] = [memory.take(10), memory.take(3_000_000)];
  assert.deepEqual([small.length, large.length], [1 << 20, 3 << 20]);
  memory.keep(large);
  memory.keep(small);
  assert.equal(memory.take(1 << 20), small);
  assert.equal(memory.take(1), large);
  assert.notEqual(memory.take(1), large, 'nothing is given twice');
});

test('too much, and what is too large, is not kept', () => {
  const memory = new FreeMemory(2, 2 << 20);
  const [tooLarge, one, two, three] = [3, 1, 2, 2].map((megabytes) => memory.take(megabytes << 20));
  for (const buffer of [tooLarge, one, two, three]) if (buffer) memory.keep(buffer);
  assert.equal(new Set([two, three]).has(memory.take(1)), true);
  assert.equal(new Set([two, three]).has(memory.take(1)), true);
  assert.equal(new Set([tooLarge, one, two, three]).has(memory.take(1)), false);
});
