import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from './clock.ts';

test('a sleep of more than a month does not end at once, and can be interrupted', async () => {
  const stop = new AbortController();
  const long = systemClock.sleep(40 * 24 * 3_600_000, stop.signal).then(
    () => 'slept',
    (reason: unknown) => reason,
  );
  const first = await Promise.race([long, systemClock.sleep(50).then(() => 'still asleep')]);
  assert.equal(first, 'still asleep');
  stop.abort('woken');
  assert.equal(await long, 'woken');
});
