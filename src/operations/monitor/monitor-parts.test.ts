import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../core/manual-clock.ts';
import { diskWarnings } from './disk-warnings.ts';
import { Pace } from './paced.ts';

test('a disk warns when less than a twentieth of its room or inodes is left', () => {
  const room = { path: '/d', freeBytes: 60, totalBytes: 1000, freeInodes: 60, totalInodes: 1000 };
  assert.deepEqual(diskWarnings([room]), []);
  assert.match(diskWarnings([{ ...room, freeBytes: 40 }])[0]?.text ?? '', /4\.0 %/);
  assert.match(diskWarnings([{ ...room, freeInodes: 40 }])[0]?.text ?? '', /40 inodes/);
  assert.deepEqual(diskWarnings([{ ...room, freeInodes: 0, totalInodes: 0 }]), [], 'some count none');
});

test('a costly chore takes a tenth of the time', async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock);
  let done = 0;
  const chore = async () => {
    done += 1;
    await clock.advance(1_000);
  };
  await pace.keep('chore', chore);
  await clock.advance(8_999);
  await pace.keep('chore', chore);
  assert.equal(done, 1);
  await clock.advance(1);
  await pace.keep('chore', chore);
  assert.equal(done, 2);
});
