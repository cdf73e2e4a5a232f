import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Writer } from './protobuf.ts';
import { RangeAnswer } from './range-answer.ts';

interface Kv {
  readonly key: string;
  readonly value: unknown;
  readonly revision: bigint;
}

/** As a member writes it, with fields that nobody reads. */
function rangeMessage(kvs: readonly Kv[], count: number): Buffer {
  const to = new Writer();
  to.message(1, () => to.digits(3, '17'));
  for (const { key, value, revision } of kvs) {
    to.message(2, () => {
      to.text(1, key);
      to.digits(2, '5');
      to.digits(3, String(revision));
      to.text(5, JSON.stringify(value));
    });
  }
  to.flag(3, true);
  to.number(4, count);
  return to.bytes;
}

const anyKv: fc.Arbitrary<Kv> = fc.record({
  key: fc.string({ minLength: 1, unit: 'grapheme' }),
  value: fc.jsonValue(),
  revision: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
});

describe('the answer to a range', () => {
  it('gives the same by its values and by its keys, however many there are', () => {
    fc.assert(
      fc.property(fc.array(anyKv, { maxLength: 40 }), fc.nat(), (kvs, count) => {
        const answer = new RangeAnswer(rangeMessage(kvs, count));
        const parsed = kvs.map(({ value }) => JSON.parse(JSON.stringify(value)));
        assert.equal(answer.count, count);
        assert.deepEqual(answer.values(), parsed);
        assert.deepEqual(
          answer.kvs.map((kv) => JSON.parse(kv.value)),
          parsed,
        );
        assert.deepEqual(
          answer.kvs.map(({ key, mod_revision }) => [key, mod_revision]),
          kvs.map(({ key, revision }) => [key, String(revision)]),
        );
        assert.deepEqual(answer.last, answer.kvs.at(-1));
      }),
    );
  });

  it('has nothing where nothing was found', () => {
    const answer = new RangeAnswer(Buffer.alloc(0));
    assert.deepEqual([answer.count, answer.kvs, answer.values(), answer.last], [0, [], [], undefined]);
  });

  it('is refused at once where it is cut off', () => {
    const whole = rangeMessage([{ key: 'a', value: 1, revision: 1n }], 1);
    assert.throws(() => new RangeAnswer(whole.subarray(0, 9)), RangeError);
  });
});
