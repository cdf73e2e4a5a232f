import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Random } from './random.ts';

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

test('the same seed and name give the same numbers, other ones give others', () => {
  fc.assert(
    fc.property(seeds, fc.string(), (seed, name) => {
      const draw = (random: Random): readonly number[] => Array.from({ length: 8 }, () => random.next());
      const numbers = draw(new Random(seed, name));
      assert.deepEqual(draw(new Random(seed, name)), numbers);
      assert.notDeepEqual(draw(new Random(seed, `${name}x`)), numbers);
      assert.notDeepEqual(draw(new Random(seed === 0 ? 1 : seed - 1, name)), numbers);
    }),
  );
});

test('numbers made many at a time are those made one by one', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 50 }), (seed, count) => {
      const [many, single] = [new Random(seed, 'fill'), new Random(seed, 'fill')];
      const words = new Uint32Array(count);
      many.fill(words);
      assert.deepEqual(
        [...words],
        Array.from(words, () => single.next()),
      );
      assert.equal(many.next(), single.next());
    }),
  );
});

test('every number is within its bounds', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, limit) => {
      const random = new Random(seed, 'bounds');
      for (let draw = 0; draw < 20; draw += 1) {
        const below = random.below(limit);
        assert.ok(Number.isInteger(below) && below >= 0 && below < limit);
        const index = random.zipf(limit);
        assert.ok(Number.isInteger(index) && index >= 0 && index < limit);
        const share = random.float();
        assert.ok(share >= 0 && share < 1);
        assert.ok(random.pareto(1) >= 1);
        assert.ok(random.logNormal(10, 1) > 0);
      }
    }),
  );
});

test('numbers are spread evenly, and normal ones around zero', () => {
  const random = new Random(7, 'spread');
  const counts = new Array<number>(16).fill(0);
  for (let draw = 0; draw < 16_000; draw += 1) {
    const at = random.below(16);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  assert.ok(
    counts.every((count) => count > 850 && count < 1150),
    counts.join(' '),
  );
  let sum = 0;
  for (let draw = 0; draw < 10_000; draw += 1) sum += random.normal();
  assert.ok(Math.abs(sum / 10_000) < 0.05);
});
