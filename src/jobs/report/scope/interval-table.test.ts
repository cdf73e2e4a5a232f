import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IntervalTable } from './interval-table.ts';

test('each task has its own intervals, the earliest first, with their numbers', () => {
  const row = fc.record({
    task: fc.integer({ min: 0, max: 9 }),
    from: fc.integer({ min: 0, max: 1000 }),
    length: fc.integer({ min: 1, max: 50 }),
    value: fc.double(),
  });
  fc.assert(
    // More rows than a table has room for at first.
    fc.property(fc.array(row, { maxLength: 40 }), fc.integer({ min: 0, max: 60 }), (rows, repeats) => {
      const all = [rows, ...Array.from({ length: repeats }, () => rows)].flat();
      const table = new IntervalTable(1);
      for (const { task, from, length, value } of all) table.add(task, from, from + length, value);
      table.sort(10);
      for (let task = 0; task < 10; task += 1) {
        const expected = all.filter((r) => r.task === task).toSorted((a, b) => a.from - b.from);
        const found = table.of(task, ({ from, to }, value) => [from, to, value(0)]);
        assert.deepEqual(
          found,
          expected.map(({ from, length, value }) => [from, from + length, value]),
        );
      }
    }),
  );
});
