import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPTIONAL_MARK } from '../requirements.ts';
import { Outcome } from './outcome.ts';

function outcome(
  counts: { passed: number; failed: number; skipped: number },
  ...reasons: readonly string[]
): Outcome {
  const result = new Outcome();
  result.addCounts(counts);
  for (const reason of reasons) result.addSkip(reason, 'a test');
  return result;
}

test('what failed, or ran nothing, is a failure', () => {
  assert.equal(outcome({ passed: 3, failed: 0, skipped: 0 }).exitStatus(true), 0);
  assert.equal(outcome({ passed: 3, failed: 1, skipped: 0 }).exitStatus(false), 1);
  assert.equal(outcome({ passed: 0, failed: 0, skipped: 2 }, 'needs x').exitStatus(false), 1);
});

test('a skip is a failure only where everything is required, and never when it is optional', () => {
  const skipping = outcome({ passed: 3, failed: 0, skipped: 1 }, 'needs MariaDB');
  assert.equal(skipping.exitStatus(false), 0);
  assert.equal(skipping.exitStatus(true), 1);
  assert.equal(
    outcome({ passed: 3, failed: 0, skipped: 1 }, `${OPTIONAL_MARK}needs data`).exitStatus(true),
    0,
  );
});

test('the last line is the one that is read by programs; what is skipped and how to enable it stand before it', () => {
  const lines = outcome({ passed: 3, failed: 0, skipped: 1 }, 'needs MariaDB').lines(false);
  assert.equal(lines.at(-1), '3 passed, 0 failed, 1 skipped');
  assert.ok(lines.some((line) => line.includes('needs MariaDB')));
  assert.ok(lines.some((line) => line.includes('ROTA_APT=1 npm test')));
});

test('what was not begun for want of time is named, and is no failure', () => {
  const late = outcome({ passed: 2, failed: 0, skipped: 0 });
  late.addCounts({ passed: 1, failed: 0, skipped: 1 });
  late.setNotBegun(['test/long/a.test.ts', 'test/long/b.test.ts']);
  assert.equal(late.exitStatus(true), 0);
  assert.deepEqual(late.lines(true), [
    'not begun, the time being over: 2 files',
    '    test/long/a.test.ts',
    '    test/long/b.test.ts',
    '3 passed, 0 failed, 1 skipped',
  ]);
  const none = new Outcome();
  assert.equal(none.exitStatus(true), 1);
  none.setNotBegun(['test/long/a.test.ts']);
  assert.equal(none.exitStatus(true), 0);
  late.addCounts({ passed: 0, failed: 1, skipped: 0 });
  assert.equal(late.exitStatus(true), 1);
});
