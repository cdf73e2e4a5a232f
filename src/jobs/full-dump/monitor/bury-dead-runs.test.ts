import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setsUnderWay } from './bury-dead-runs.ts';

test('the sets under way are those of jobs in progress', () => {
  const status = (value: string) => ({ status: value, updated: '' });
  const dumpStatus = {
    jobs: { articlesdump: status('in-progress'), metahistorybz2dump: status('done'), other: 7 },
  };
  assert.deepEqual([...setsUnderWay({ dumpStatus })], ['articles']);
  assert.deepEqual([...setsUnderWay({ dumpStatus: {} })], []);
});
