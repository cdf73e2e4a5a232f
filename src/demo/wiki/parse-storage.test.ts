import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStorage } from './parse-storage.ts';

test('reads one kind of storage and mixtures, refuses anything else', () => {
  assert.deepEqual(parseStorage('gzip'), { gzip: 1 });
  assert.deepEqual(parseStorage('gzip=9, plain=0.5'), { gzip: 9, plain: 0.5 });
  for (const wrong of ['', 'zip', 'gzip=', 'gzip=0', 'gzip;plain', 'gzip=-1']) {
    assert.throws(() => parseStorage(wrong), { code: 'USAGE' });
  }
});
