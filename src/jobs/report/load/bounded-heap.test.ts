import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapStatistics } from 'node:v8';
import { BoundedHeap } from './bounded-heap.ts';

const pieces = 400;

/** Half a megabyte that nothing holds on to for longer than the young generation does. */
function makeGarbage(kept: unknown[]): void {
  kept.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
  if (kept.length > 20) kept.shift();
}

function greatest(heap: BoundedHeap): number {
  const kept: unknown[] = [];
  let bytes = 0;
  for (let i = 0; i < pieces; i++) {
    makeGarbage(kept);
    heap.check();
    bytes = Math.max(bytes, getHeapStatistics().used_heap_size);
  }
  return bytes;
}

test('the heap stays near its limit while much passes through it, and what is alive is kept', () => {
  const held = Array.from({ length: 1_000 }, (_, i) => ({ i }));
  // Unit tests share a process: what others left alive is not ours.
  new BoundedHeap(0).check();
  const alive = getHeapStatistics().used_heap_size;
  const bounded = greatest(new BoundedHeap(alive + 30e6)) - alive;
  assert.ok(bounded < 40e6, `${bounded} bytes`);
  assert.equal(held[999]?.i, 999);
});
