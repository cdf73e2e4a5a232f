import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findShrinkage } from '../../../publish/retention/shrink-guard.ts';
import { measures } from './shrinkage-of.ts';

const part = (number: number, pages: number, rawBytes: number) => ({
  output: 'history-bz2',
  counts: { pages, revisions: pages * 2 },
  rawBytes,
  split: { part: number, frameBytes: 100 },
});
const whole = { output: 'history-bz2', counts: { pages: 30, revisions: 60 }, rawBytes: 1100 };

test('an output counts as much whole as in parts', () => {
  const parts = [part(1, 10, 600), part(2, 15, 400), part(3, 5, 300)];
  assert.deepEqual(measures(parts), measures([whole]));
  assert.deepEqual(findShrinkage(measures(parts), measures([whole]), { maxPercent: 0 }), []);
});

test('a part that is missing is noticed', () => {
  const found = findShrinkage(measures([whole]), measures([part(1, 10, 600), part(2, 15, 400)]), {
    maxPercent: 5,
  });
  assert.deepEqual(
    found.map(({ figure, before, now }) => [figure, before, now]),
    [
      ['pages', 30, 25],
      ['revisions', 60, 50],
      ['rawBytes', 1100, 900],
    ],
  );
});
