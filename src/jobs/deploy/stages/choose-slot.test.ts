import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fenceOf } from '../target/fence.ts';
import { parseVersionName, versionName } from '../version/version.ts';
import { chooseSlot, slotServed } from './prepare-stage.ts';

test('a slot is called by its commit, and once more with a number where it was changed on the host', () => {
  const slots = new Map([
    ['a', 'a'],
    ['b.2', 'b'],
  ]);
  assert.equal(chooseSlot({ current: null, intact: null, slots }, 'a'), 'a');
  assert.equal(chooseSlot({ current: 'a', intact: true, slots }, 'a'), 'a');
  assert.equal(chooseSlot({ current: 'a', intact: false, slots }, 'a'), 'a.2');
  assert.equal(chooseSlot({ current: 'b.2', intact: true, slots }, 'b'), 'b.2');
  assert.equal(chooseSlot({ current: 'b.2', intact: false, slots }, 'b'), 'b.3');
  assert.equal(chooseSlot({ current: 'b.2', intact: false, slots }, 'a'), 'a');
});

test('other files beside the version make another slot, and a rollback takes one that was served', () => {
  const slots = new Map([
    ['a-1', 'a'],
    ['a-2', 'a'],
    ['b-2.2', 'b'],
  ]);
  assert.equal(chooseSlot({ current: 'a-1', intact: true, slots }, 'a', 'a-2'), 'a-2');
  assert.equal(chooseSlot({ current: 'b-2.2', intact: true, slots }, 'b', 'b-2'), 'b-2.2');
  assert.equal(chooseSlot({ current: 'b-2.2', intact: false, slots }, 'b', 'b-2'), 'b-2.3');
  const seen = { current: 'b-2.2', previous: 'a-2', intact: true, slots };
  assert.equal(slotServed(seen, 'a'), 'a-2');
  assert.equal(slotServed(seen, 'b'), 'b-2.2');
  assert.equal(slotServed({ ...seen, intact: false }, 'b'), null);
  assert.equal(slotServed(seen, 'c'), null);
});

test('versions are named by day and serial, and ordered by the serial alone', () => {
  assert.equal(versionName(new Date('2026-01-09T23:59:59Z'), 7), '20260109-0007');
  assert.deepEqual(parseVersionName('20260109-0007'), { date: '20260109', serial: 7 });
  assert.equal(parseVersionName('20260109-7'), null);
  assert.equal(parseVersionName('release'), null);
});

test('a fence is made of the store and the token of the run', () => {
  assert.deepEqual(fenceOf('s', '3.12'), { store: 's', generation: 3, counter: 12 });
  assert.throws(() => fenceOf('s', '3'), TypeError);
  assert.throws(() => fenceOf('s', 'a.b'), TypeError);
});
