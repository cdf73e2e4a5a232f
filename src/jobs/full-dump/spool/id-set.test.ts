import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IdSet } from './id-set.ts';

test('it answers as a Set does, also for ids beyond 32 bits', () => {
  const id = fc.oneof(fc.nat(100), fc.nat({ max: 2 ** 40 }));
  fc.assert(
    fc.property(fc.array(id), (ids) => {
      const ours = new IdSet();
      const theirs = new Set<number>();
      for (const one of ids) {
        assert.equal(ours.add(one), !theirs.has(one));
        theirs.add(one);
      }
    }),
  );
});
