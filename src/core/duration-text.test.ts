import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationText } from './duration-text.ts';

test('a duration is told in the two units that matter', () => {
  const cases = [
    [-5, '0.0 s'],
    [40, '0.0 s'],
    [412, '0.4 s'],
    [9_960, '10 s'],
    [59_700, '1 min 0 s'],
    [239_700, '4 min 0 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
  ] as const;
  for (const [ms, text] of cases) assert.equal(durationText(ms), text);
});
