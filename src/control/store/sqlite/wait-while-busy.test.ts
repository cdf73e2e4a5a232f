import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRotaError, RotaError } from '../../../core/errors/rota-error.ts';
import { ManualClock } from '../../../core/manual-clock.ts';
import { waitWhileBusy } from './wait-while-busy.ts';

test('what finds the store locked is done again, until patience ends; other failures are not', async () => {
  const clock = new ManualClock();
  let tries = 0;
  const busy = (until: number) => () => {
    if (++tries < until) throw new RotaError('STORE_BUSY', 'locked');
    return tries;
  };
  const third = waitWhileBusy(clock, busy(3));
  for (let i = 0; i < 3; i++) await clock.advance(100);
  assert.equal(await third, 3);
  let refused: unknown;
  waitWhileBusy(clock, busy(Number.POSITIVE_INFINITY)).catch((error) => {
    refused = error;
  });
  for (let i = 0; i < 301; i++) await clock.advance(100);
  assert.ok(isRotaError(refused, 'STORE_BUSY'));
  const lost = () => {
    throw new RotaError('LEASE_LOST', 'lost');
  };
  await assert.rejects(waitWhileBusy(clock, lost), (e) => isRotaError(e, 'LEASE_LOST'));
});
