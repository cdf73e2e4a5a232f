import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../../core/random.ts';
import type { Flows } from '../../model/series.ts';
import { backTest, wilson } from './back-test.ts';
import { outcomesBefore } from './week-outcomes.ts';

/** Weeks after the unused week 0: so many finished and added. */
function flowsOf(resolved: readonly number[], added: readonly number[] = []): Flows {
  const none = () => new Float64Array(resolved.length);
  return {
    resolved: Float64Array.from(resolved),
    added: Float64Array.from(resolved, (_, week) => added[week] ?? 0),
    removed: none(),
    reopened: none(),
    reestimated: none(),
  };
}

/** A number of tasks a week whose spread is like that of real teams: many weeks of little, some of much. */
function draw(random: Random, mean: number): number {
  let n = 0;
  while (random.chance(mean / (mean + 1))) n++;
  return n;
}

test('on teams that never change, forecasts are kept about as often as they promise', () => {
  const tally = [0, 1, 2, 3].map(() => ({ kept: 0, due: 0 }));
  for (let team = 0; team < 40; team++) {
    const random = new Random(team, 'stationary');
    const flows = flowsOf(Array.from({ length: 160 }, (_, week) => (week === 0 ? 0 : draw(random, 4))));
    // The backlog is always full, so that each week has a forecast that comes due.
    const result = backTest({ flows, open: Array(160).fill(30), paths: 300, seed: `team ${team}` });
    result.fixed.forEach(({ kept, due }, i) => {
      const sum = tally[i];
      if (sum !== undefined) tally[i] = { kept: sum.kept + kept, due: sum.due + due };
    });
  }
  // Dates are whole weeks, so a little more is kept than promised: the 50 % date is the first week with at least 50 %.
  const kept = tally.map((sum) => sum.kept / sum.due);
  assert.ok(tally.every((sum) => sum.due > 5000));
  const bounds = [
    [0.5, 0.62],
    [0.7, 0.79],
    [0.83, 0.9],
    [0.93, 0.97],
  ] as const;
  bounds.forEach(([low, high], i) => {
    assert.ok((kept[i] ?? 0) >= low && (kept[i] ?? 1) <= high, `${kept[i]} is not in ${low} to ${high}`);
  });
});

test('a team that slows down breaks its promises', () => {
  const random = new Random(1, 'slowing');
  const flows = flowsOf(
    Array.from({ length: 120 }, (_, week) => (week === 0 ? 0 : draw(random, 12 - week / 10))),
  );
  const [, , at85] = backTest({ flows, open: Array(120).fill(60), paths: 300, seed: 'slowing' }).fixed;
  assert.ok(at85 !== undefined && at85.kept / at85.due < 0.7);
});

test('each forecast is due, kept or pending by its own date, reckoned by hand on a steady team', () => {
  // Week 1 to 20 finish 2 each; 8 weeks are needed, so week 8 makes the first forecast and week 19 the last.
  const flows = flowsOf([0, ...Array(20).fill(2)]);
  const open = Array.from({ length: 21 }, (_, week) => Math.max(0, 34 - 2 * week));
  const result = backTest({ flows, open, paths: 50, seed: 'steady' });
  // Open is 18 at week 8 (9 weeks more, 17) and 0 at week 17: weeks 8 to 16 make forecasts, all due in week 17.
  assert.equal(result.made, 9);
  for (const coverage of [...result.fixed, ...result.changing]) {
    assert.deepEqual([coverage.due, coverage.kept, coverage.pending], [9, 9, 0]);
  }
});

test('forecasts use only what was known, and those to come are pending', () => {
  // 2 a week until week 12, nothing since: what was promised in weeks 8 to 12 fails when due.
  const flows = flowsOf([0, ...Array(12).fill(2), ...Array(8).fill(0)]);
  const open = Array.from({ length: 21 }, (_, week) => (week <= 12 ? 40 - 2 * week : 16));
  const result = backTest({ flows, open, paths: 50, seed: 'stalled' });
  // Week 8: 24 open, done in week 20, the last known: due and broken. Week 12: 16 open, done in week 20.
  const [first] = result.fixed;
  assert.ok(first !== undefined && first.due >= 5 && first.kept === 0);
  assert.equal(first.due + first.pending, result.made);
  // Whatever comes later, what a forecast of week 12 draws from is the same.
  const changed = { ...flows, resolved: flows.resolved.map((n, week) => (week > 12 ? 1000 : n)) };
  assert.deepEqual(outcomesBefore(changed, 12), outcomesBefore(flows, 12));
});

test('the interval of a proportion', () => {
  // Newcombe (1998), method 3: 81 of 263, and 0 of 20.
  const round = (interval: readonly [number, number]) => interval.map((x) => Math.round(x * 10_000) / 10_000);
  assert.deepEqual(round(wilson(81, 263)), [0.2553, 0.3662]);
  assert.deepEqual(round(wilson(0, 20)), [0, 0.1611]);
  assert.deepEqual(round(wilson(20, 20)), [0.8389, 1]);
});
