import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomIn } from './pool-keeper.ts';
import { parsePoolValue, withPooled } from './pool-store.ts';
import { describePybal, parsePybalState } from './pybal-state.ts';

test('the floor counts hosts that we took out as hosts of the pool', () => {
  assert.equal(roomIn(0.5, 4, 4), 2);
  assert.equal(roomIn(0.5, 4, 2), 0);
  assert.equal(roomIn(0.5, 3, 3), 1);
  assert.equal(roomIn(0.9, 4, 4), 0);
  assert.equal(roomIn(0.5, 4, 1), -1);
});

test('only what conftool writes is a value; ours keeps all else that is in it', () => {
  assert.equal(parsePoolValue('{"weight": 10, "pooled": "maybe"}'), null);
  assert.equal(parsePoolValue('null'), null);
  assert.equal(parsePoolValue('{'), null);
  const text = '{"weight": 10, "pooled": "yes", "note": "x"}';
  assert.equal(parsePoolValue(text)?.pooled, 'yes');
  assert.equal(withPooled({ text }, 'no'), '{"weight":10,"pooled":"no","note":"x"}');
});

test('a state page is read as text and as JSON, and anything else is no agreement', () => {
  const out = { known: true, enabled: false, up: true, pooled: false };
  assert.deepEqual(parsePybalState('disabled/up/not pooled\n'), out);
  assert.deepEqual(parsePybalState('{"pooled":false,"weight":10,"up":true,"enabled":false}'), out);
  for (const text of ['', 'disabled', '{}', 'null', '[]', '<html>'])
    assert.equal(parsePybalState(text), null, text);
  assert.equal(describePybal({ known: true, enabled: true, up: false, pooled: true }), 'enabled/down/pooled');
  assert.equal(describePybal({ known: false, why: 'x answered 404' }), 'x answered 404');
});
