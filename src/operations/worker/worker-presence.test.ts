import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '../../control/store/sqlite/open-sqlite-store.ts';
import { ManualClock } from '../../core/manual-clock.ts';
import { presenceTests } from './testing/presence-tests.ts';
import { compareSeries } from './workers.ts';

presenceTests(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rota-presence-'));
  const clock = new ManualClock();
  return {
    clock,
    open: () => openSqliteStore({ file: join(folder, 'rota.db'), clock }),
    close: () => rm(folder, { recursive: true }),
  };
});

test('from 1.0 on the first number makes the series, before that the second', () => {
  assert.equal(compareSeries('0.3.1', '0.3.9'), 0);
  assert.ok(compareSeries('0.3.1', '0.10.0') < 0);
  assert.ok(compareSeries('1.0.0', '0.10.0') > 0);
  assert.equal(compareSeries('1.2.0', '1.10.3'), 0);
  assert.ok(compareSeries('1.9.0', '2.0.0') < 0);
});
