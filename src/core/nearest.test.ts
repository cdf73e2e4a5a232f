import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearest } from './nearest.ts';

test('the distance counts insertions, deletions, replacements and swaps of neighbours', () => {
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(editDistance('kitten', 'sitting'), 3);
  assert.equal(editDistance('satus', 'status'), 1);
  assert.equal(editDistance('sttaus', 'status'), 1);
});

test('the distance is symmetric, and zero only for equal words', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.equal(editDistance(a, b) === 0, a === b);
    }),
  );
});

test('the nearest word is named only when it is near', () => {
  const known = ['database', 'siteinfo', 'private'];
  assert.equal(nearest('datbase', known), 'database');
  assert.equal(nearest('siteInfo', known), 'siteinfo');
  assert.equal(nearest('priv', known), 'private');
  assert.equal(nearest('colour', known), null);
  assert.equal(nearest('x', known), null);
});
