import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Secret } from './secret.ts';

test('a secret shows itself only to who asks for it', () => {
  const secret = new Secret('hunter2');
  const holder = { password: secret, list: [secret] };
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify(holder),
    inspect(holder, { depth: 9, showHidden: true }),
  ];
  for (const text of shown) {
    assert.match(text, /\[secret\]/);
    assert.doesNotMatch(text, /hunter2/);
  }
  assert.deepEqual(Object.keys(secret), []);
  assert.equal(secret.reveal(), 'hunter2');
});
