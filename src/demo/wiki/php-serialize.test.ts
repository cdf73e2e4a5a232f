import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phpSerialize } from './php-serialize.ts';

test("writes what PHP's serialize() writes; lengths count bytes", () => {
  assert.equal(
    phpSerialize({ '4::target': 'Zoë', '5::noredir': '0', associated_rev_id: 111 }),
    'a:3:{s:9:"4::target";s:4:"Zoë";s:10:"5::noredir";s:1:"0";s:17:"associated_rev_id";i:111;}',
  );
  assert.equal(
    phpSerialize({ ids: [105], open: false, none: null, half: 0.5 }),
    'a:4:{s:3:"ids";a:1:{i:0;i:105;}s:4:"open";b:0;s:4:"none";N;s:4:"half";d:0.5;}',
  );
  assert.equal(phpSerialize({}), 'a:0:{}');
});
