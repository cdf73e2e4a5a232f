import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRotaError, RotaError } from '../core/errors/rota-error.ts';
import { silentLog } from '../core/log.ts';
import { ManualClock } from '../core/manual-clock.ts';
import { LeaseKeeper } from './lease-keeper.ts';

function keep(clock: ManualClock, renew: () => Promise<void>): LeaseKeeper {
  const grantedMonoMs = clock.monotonicMs();
  return new LeaseKeeper({ what: 'run/x', renew, leaseMs: 30_000, grantedMonoMs, clock, log: silentLog });
}

async function pass(clock: ManualClock, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) await clock.advance(1_000);
}

test('a lease is renewed every third of its length, and no more when it is closed', async () => {
  const clock = new ManualClock();
  let renewals = 0;
  const keeper = keep(clock, async () => void renewals++);
  await pass(clock, 61);
  assert.equal(renewals, 6);
  keeper.assertTrusted();
  await keeper[Symbol.asyncDispose]();
  await pass(clock, 60);
  assert.equal(renewals, 6);
  assert.equal(keeper.lost.aborted, false);
});

test('a store that cannot be reached loses the lease at two thirds, counted from the last one sent', async () => {
  const clock = new ManualClock();
  let broken = false;
  await using keeper = keep(clock, async () => {
    if (broken) throw new RotaError('STORE_BUSY', 'no answer');
  });
  await pass(clock, 11);
  broken = true;
  await pass(clock, 18);
  assert.equal(keeper.lost.aborted, false);
  await pass(clock, 2);
  assert.ok(isRotaError(keeper.lost.reason, 'LEASE_LOST'));
  assert.throws(
    () => keeper.assertTrusted(),
    (e) => isRotaError(e, 'LEASE_LOST'),
  );
});

test('a renewal that hangs loses the lease as well', async () => {
  const clock = new ManualClock();
  const keeper = keep(clock, () => new Promise((resolve) => clock.sleep(25_000).then(resolve)));
  await pass(clock, 20);
  assert.ok(isRotaError(keeper.lost.reason, 'LEASE_LOST'));
  const closing = keeper[Symbol.asyncDispose]();
  await pass(clock, 30);
  await closing;
});

test('a refused renewal loses the lease at once, a failed one is tried again', async () => {
  const clock = new ManualClock();
  let answers = 0;
  await using keeper = keep(clock, async () => {
    answers++;
    if (answers === 1) throw new RotaError('STORE_BUSY', 'no answer');
    if (answers === 3) throw new RotaError('LEASE_LOST', 'taken');
  });
  await pass(clock, 12);
  assert.equal(answers, 2);
  assert.equal(keeper.lost.aborted, false);
  await pass(clock, 10);
  assert.match(keeper.lost.reason.message, /taken/);
});
