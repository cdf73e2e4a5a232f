import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { goldenStreams } from './golden-streams.ts';
import { Bz2StreamCheck } from './stream-check.ts';

const streams = goldenStreams.map(({ stream }) => Buffer.from(stream, 'base64'));
const file = Buffer.concat(streams);

function check(bytes: Buffer, cuts: readonly number[] = []) {
  const checker = new Bz2StreamCheck();
  const places = [0, ...cuts.map((c) => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  places.slice(1).forEach((end, i) => {
    checker.push(bytes.subarray(places[i], end));
  });
  return checker.finish();
}

describe('the check of bz2 streams', () => {
  it('counts streams and blocks, whatever the cuts between chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (cuts) => {
        assert.deepEqual(check(file, cuts), { streams: 7, blocks: 7, strayAt: null });
      }),
      { numRuns: 200 },
    );
  });

  it('finds where something else follows a stream', () => {
    const before = Buffer.concat(streams.slice(0, 3));
    const damagedHeader = Buffer.from(file);
    damagedHeader.write('XZh9', before.length);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 10 }), (cuts) => {
        assert.equal(check(damagedHeader, cuts).strayAt, before.length);
        assert.equal(
          check(Buffer.concat([before, Buffer.from('BZh9 and more')]), cuts).strayAt,
          before.length,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('finds that the file ends inside a stream, wherever', () => {
    const ends = new Set([0]);
    for (let i = 1; i <= streams.length; i += 1) ends.add(Buffer.concat(streams.slice(0, i)).length);
    for (let length = 1; length < file.length; length += 1) {
      const { strayAt } = check(file.subarray(0, length));
      if (ends.has(length)) assert.equal(strayAt, null);
      else assert.ok(strayAt !== null && strayAt <= length, `cut at ${length}`);
    }
  });
});
