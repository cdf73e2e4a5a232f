import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayCount, dayNumber, isoDay, monthsBefore, quarterName, quarterStart, weekEnds } from './days.ts';
import type { DailySeries, FlowSeries } from './series.ts';
import { exampleModel } from './testing/example-model.ts';

test('days: back and forth over leap years, months clamped to their end, quarters', () => {
  fc.assert(
    fc.property(fc.integer({ min: -40_000, max: 80_000 }), (n) => {
      assert.equal(dayNumber(isoDay(n)), n);
      assert.equal(isoDay(n), new Date(n * 86_400_000).toISOString().slice(0, 10));
    }),
  );
  assert.equal(monthsBefore('2026-05-31', 3), '2026-02-28');
  assert.equal(monthsBefore('2024-05-31', 3), '2024-02-29');
  assert.equal(monthsBefore('2026-02-28', 3), '2025-11-28');
  assert.equal(monthsBefore('2026-01-15', 3), '2025-10-15');
  assert.equal(quarterStart('2026-12-31'), '2026-10-01');
  assert.equal(quarterName('2026-04-01'), '2026-Q2');
});

test('weeks count back from the as-of day, and never before the start', () => {
  assert.deepEqual(weekEnds({ start: '2026-11-08', asOf: '2026-11-22' }), [
    '2026-11-08',
    '2026-11-15',
    '2026-11-22',
  ]);
  assert.deepEqual(weekEnds({ start: '2026-11-09', asOf: '2026-11-22' }), ['2026-11-15', '2026-11-22']);
  assert.deepEqual(weekEnds({ start: '2026-11-22', asOf: '2026-11-22' }), ['2026-11-22']);
});

test('flows explain each change of the open backlog, in every category and over the whole scope', () => {
  const model = exampleModel({ seed: 7, start: '2026-03-01' });
  const last = dayCount(model) - 1;
  const ends = weekEnds(model).map((day) => dayNumber(day) - dayNumber(model.start));
  assert.equal(ends.at(-1), last);
  const check = (flows: FlowSeries, all: readonly DailySeries[]) => {
    const open = (unit: 'openCount' | 'openPoints', day: number) =>
      all.reduce((sum, daily) => sum + (daily[unit][day] ?? Number.NaN), 0);
    for (const [unit, field] of [
      ['count', 'openCount'],
      ['points', 'openPoints'],
    ] as const) {
      const f = flows[unit];
      for (let i = 1; i < ends.length; i++) {
        const change = open(field, ends[i] ?? 0) - open(field, ends[i - 1] ?? 0);
        const at = (series: Float64Array) => series[i] ?? Number.NaN;
        const explained = at(f.added) + at(f.reopened) + at(f.reestimated) - at(f.removed) - at(f.resolved);
        assert.equal(explained, change, `${unit}, week ${i}`);
      }
    }
  };
  for (const category of model.categories) check(category.flows, [category.daily]);
  check(
    model.flows.all,
    model.categories.map((c) => c.daily),
  );
  check(
    model.flows.visible,
    model.categories.filter((c) => c.display === 'show').map((c) => c.daily),
  );
});
