import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutsOf } from './freeze-cuts.ts';

const file = (output: string, part?: number, firstPageId = 0, lastPageId = 0) => ({
  name: output,
  output,
  sizeBytes: 1,
  md5: '',
  sha1: '',
  sha256: '',
  ...(part === undefined ? {} : { split: { part, range: { firstPageId, lastPageId }, frameBytes: 9 } }),
});

test('all parts but the last are taken over, once for all outputs of the set', () => {
  const files = ['history-bz2', 'history-zst'].flatMap((output) => [
    file(output, 1, 1, 500),
    file(output, 2, 501, 900),
    file(output, 10, 901, 1200),
  ]);
  assert.deepEqual(cutsOf({ files }), [500, 900]);
});

test('a set that was whole hands on nothing', () => {
  assert.deepEqual(cutsOf({ files: [file('history-bz2'), file('history-zst')] }), []);
});
