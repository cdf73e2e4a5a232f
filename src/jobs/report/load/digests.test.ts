import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Digests } from './digests.ts';

test('every id has its digest, and no other has one', () => {
  const ids = fc.uniqueArray(fc.integer({ min: 0, max: 4_294_967_295 }), { maxLength: 50 });
  fc.assert(
    fc.property(ids, fc.integer({ min: 0, max: 4_294_967_295 }), (given, other) => {
      const sorted = given.toSorted((a, b) => a - b);
      const digests = new Digests(
        Uint32Array.from(sorted),
        Float64Array.from(sorted, (id) => id * 3),
      );
      for (const id of sorted) assert.equal(digests.get(id), id * 3);
      if (!sorted.includes(other)) assert.equal(digests.get(other), undefined);
      assert.equal(digests.size, sorted.length);
    }),
  );
});
