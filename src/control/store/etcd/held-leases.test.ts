import assert from 'node:assert/strict';
import { it } from 'node:test';
import { HeldLeases } from './held-leases.ts';

it('of a key the lease behind its last token is known, of so many keys', () => {
  const held = new HeldLeases();
  held.set('lease/a', '"1.1"', '7');
  assert.equal(held.get('lease/a', '"1.1"'), '7');
  assert.equal(held.get('lease/a', '"1.2"'), undefined);
  held.set('lease/a', '"1.2"', '8');
  assert.equal(held.get('lease/a', '"1.1"'), undefined);
  assert.equal(held.get('lease/a', '"1.2"'), '8');
  for (let i = 0; i < 1_000; i++) held.set(`lease/run/${i}`, '"1.1"', String(i));
  assert.equal(held.get('lease/a', '"1.2"'), undefined);
  assert.equal(held.get('lease/run/0', '"1.1"'), '0');
  held.delete('lease/run/0');
  assert.equal(held.get('lease/run/0', '"1.1"'), undefined);
});
