import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Random } from '../../../../core/random.ts';
import type { Flows } from '../../model/series.ts';
import { type MonteCarloInput, monteCarlo } from './monte-carlo.ts';
import { horizonWeeks, simulate, weekOfShare } from './simulate.ts';

/** Flows whose weeks (after the unused week 0) finish and add what is given. */
function flowsOf(weeks: readonly { readonly resolved: number; readonly added?: number }[]): Flows {
  const series = (values: readonly number[]) => Float64Array.from([0, ...values]);
  const none = () => series(weeks.map(() => 0));
  return {
    resolved: series(weeks.map((week) => week.resolved)),
    added: series(weeks.map((week) => week.added ?? 0)),
    removed: none(),
    reopened: none(),
    reestimated: none(),
  };
}

function forecast(flows: Flows, open: number, more: Partial<MonteCarloInput> = {}) {
  const week = flows.resolved.length - 1;
  return monteCarlo({ open, flows, week, day: '2026-11-22', paths: 10_000, seed: 'test', ...more });
}

test('weeks that are all alike have one answer', () => {
  const result = forecast(flowsOf(Array(12).fill({ resolved: 3, added: 1 })), 10);
  assert.equal(result.kind, 'forecast');
  // 10 / 3 is 4 weeks; 10 / (3 - 1) is 5.
  assert.deepEqual(result.fixed, {
    dates: Array(4).fill('2026-12-20'),
    noDate: 0,
    inWeek: [0, 0, 0, 10_000],
  });
  assert.deepEqual(result.changing.dates, Array(4).fill('2026-12-27'));
});

test('a scope that grows as fast as work is done has no date, and says for how many paths', () => {
  const result = forecast(flowsOf(Array(12).fill({ resolved: 3, added: 3 })), 10);
  assert.equal(result.kind, 'forecast');
  assert.deepEqual(result.changing, { dates: [null, null, null, null], noDate: 1, inWeek: [] });
  assert.equal(result.fixed.noDate, 0);
});

test('progress and growth of a week are drawn together', () => {
  // Apart, 6 done in one week and nothing added in the next would finish many paths.
  const weeks = Array.from({ length: 12 }, (_, i) =>
    i % 2 === 0 ? { resolved: 6, added: 6 } : { resolved: 0 },
  );
  const result = forecast(flowsOf(weeks), 5);
  assert.equal(result.kind, 'forecast');
  assert.equal(result.changing.noDate, 1);
  assert.equal(result.fixed.noDate < 0.01, true);
});

test('what cannot be forecast says why', () => {
  assert.deepEqual(forecast(flowsOf(Array(7).fill({ resolved: 3 })), 10), {
    kind: 'not-enough-data',
    weeks: 7,
  });
  assert.deepEqual(forecast(flowsOf(Array(12).fill({ resolved: 0, added: 1 })), 10), {
    kind: 'no-progress',
    weeks: 12,
  });
  assert.deepEqual(forecast(flowsOf(Array(12).fill({ resolved: 3 })), 0), { kind: 'complete' });
  // Weeks before anything happened are none; quiet weeks after are.
  const late = flowsOf([
    ...Array(20).fill({ resolved: 0 }),
    ...Array(4).fill({ resolved: 3 }),
    ...Array(3).fill({ resolved: 0 }),
  ]);
  assert.deepEqual(forecast(late, 10), { kind: 'not-enough-data', weeks: 7 });
});

test('the last 12 weeks alone count', () => {
  const weeks = [...Array(30).fill({ resolved: 50 }), ...Array(12).fill({ resolved: 1 })];
  const result = forecast(flowsOf(weeks), 5);
  assert.equal(result.kind, 'forecast');
  assert.deepEqual(result.fixed.dates, Array(4).fill('2026-12-27'));
});

test('the same name gives the same forecast, another name another', () => {
  const flows = flowsOf([1, 0, 4, 2, 7, 0, 3, 5, 1, 2, 0, 6].map((resolved) => ({ resolved })));
  assert.deepEqual(forecast(flows, 40), forecast(flows, 40));
  assert.notDeepEqual(forecast(flows, 40), forecast(flows, 40, { seed: 'another' }));
});

test('weeks that finish one task or none: the exact distribution, a mixture of negative binomials', () => {
  const good = 4;
  const outcomes = Array.from({ length: 12 }, (_, i) => ({ progress: i < good ? 1 : 0, scope: 0 }));
  const [open, paths] = [5, 40_000];
  const { fixed } = simulate(open, outcomes, paths, new Random(3, 'analytic'));
  let simulated = 0;
  for (let week = 1; week <= 60; week++) {
    simulated += fixed.inWeek[week] ?? 0;
    // Of a path's own twelve weeks k are good, k binomial; the path is done when open of the weeks were good.
    let exact = 0;
    for (let k = 0; k <= 12; k++) exact += binomial(12, k, good / 12) * atLeast(week, open, k / 12);
    const error = Math.sqrt((exact * (1 - exact)) / paths);
    assert.ok(
      Math.abs(simulated / paths - exact) <= 5 * error + 1e-12,
      `week ${week}: ${simulated / paths} and ${exact}`,
    );
  }
});

test('no path is lost, and shares are ordered', () => {
  const outcome = fc.record({
    progress: fc.integer({ min: -2, max: 9 }),
    scope: fc.integer({ min: -3, max: 6 }),
  });
  fc.assert(
    fc.property(
      fc.array(outcome, { minLength: 8, maxLength: 12 }),
      fc.integer({ min: 1, max: 80 }),
      (outcomes, open) => {
        const both = simulate(open, outcomes, 200, new Random(open, 'shares'));
        for (const finishes of [both.fixed, both.changing]) {
          assert.equal(finishes.never + finishes.inWeek.reduce((a, b) => a + b, 0), 200);
          const weeks = [0.5, 0.7, 0.85, 0.95].map(
            (share) => weekOfShare(finishes, share) ?? horizonWeeks + 1,
          );
          assert.deepEqual(
            weeks,
            weeks.toSorted((a, b) => a - b),
          );
        }
      },
    ),
    { numRuns: 50 },
  );
});

function binomial(n: number, k: number, p: number): number {
  let value = (1 - p) ** (n - k) * p ** k;
  for (let i = 0; i < k; i++) value *= (n - i) / (i + 1);
  return value;
}

function atLeast(n: number, k: number, p: number): number {
  let sum = 0;
  for (let i = k; i <= n; i++) sum += binomial(n, i, p);
  return sum;
}
