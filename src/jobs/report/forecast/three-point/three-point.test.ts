import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDays } from '../../model/days.ts';
import { exampleModel } from '../../model/testing/example-model.ts';
import { dateOf, roundHalfEven, threePoint } from './three-point.ts';
import { type WeeklyLevel, weeklyLevels } from './weekly-levels.ts';

/** Levels a week apart, the last on 2026-11-22. */
function levels(rows: readonly (readonly [total: number, resolved: number])[]): readonly WeeklyLevel[] {
  return rows.map(([total, resolved], i) => ({
    week: addDays('2026-11-22', -7 * (rows.length - 1 - i)),
    total,
    resolved,
  }));
}

test('a case reckoned by hand: 6 weeks, one of them backwards', () => {
  // Resolved: +4 -1 +6 +2 +3; total: +5 0 +3 -2 +4. The first row has no week before it: 0 and 0.
  const [first, ...rest] = threePoint(
    levels([
      [40, 2],
      [45, 6],
      [45, 5],
      [48, 11],
      [46, 13],
      [50, 16],
    ]),
  );
  const last = rest.at(-1);
  assert.deepEqual([first?.resolvedDelta, first?.totalDelta], [0, 0]);
  assert.equal(last?.resolvedDelta, 3);
  assert.equal(last?.totalDelta, 4);
  assert.equal(last?.state, 'open');
  // The 3 smallest of 0 4 -1 6 2 3 are -1 0 2: 0 + 0 + 2, by 3. Growth: the mean of 0 5 0 3 0 4 is 2, the 3 largest are 12.
  assert.deepEqual(last?.pessimistic, { velocity: 2 / 3, growth: 4, weeksLeft: null });
  // Velocity (6 + 2 + 3) / 3, growth (3 + 0 + 4) / 3; 34 / (11/3 - 7/3) = 25.5, half to even.
  assert.equal(last?.nominal.velocity, 11 / 3);
  assert.equal(last?.nominal.growth, 7 / 3);
  assert.equal(last?.nominal.weeksLeft, roundHalfEven(34 / (11 / 3 - 7 / 3)));
  // (6 + 4 + 3) / 3; 34 / 4.333 = 7.85.
  assert.deepEqual(last?.optimistic, { velocity: 13 / 3, growth: 0, weeksLeft: 8 });
  assert.equal(last === undefined ? '' : dateOf(last.week, last.optimistic), '2027-01-17');
});

test('floors, few rows, nothing resolved, all resolved', () => {
  const two = threePoint(
    levels([
      [10, 0],
      [10, 3],
    ]),
  ).at(-1);
  // One week of 3 among two rows: 3/3 for the 3 largest, the floor of 2 applies; nominal (0 + 3) / 2.
  assert.deepEqual(two?.optimistic, { velocity: 2, growth: 0, weeksLeft: 4 });
  assert.deepEqual(two?.nominal, { velocity: 1.5, growth: 0, weeksLeft: 5 });
  assert.deepEqual(two?.pessimistic, { velocity: 1, growth: 0, weeksLeft: 7 });

  const nothing = threePoint(
    levels([
      [10, 0],
      [12, 0],
    ]),
  ).at(-1);
  assert.equal(nothing?.state, 'unstarted');
  assert.deepEqual(nothing?.nominal, { velocity: 1, growth: 1, weeksLeft: null });

  const all = threePoint(
    levels([
      [10, 4],
      [10, 10],
    ]),
  ).at(-1);
  assert.equal(all?.state, 'complete');
  assert.equal(all?.optimistic.weeksLeft, null);

  // Resolved once, reopened since: there was velocity, so there is a forecast.
  assert.equal(
    threePoint(
      levels([
        [10, 4],
        [10, 0],
      ]),
    ).at(-1)?.nominal.weeksLeft,
    10,
  );
  // Velocity equal to growth has no date.
  assert.equal(
    threePoint(
      levels([
        [10, 1],
        [11, 2],
        [12, 3],
        [13, 4],
      ]),
    ).at(-1)?.nominal.weeksLeft,
    null,
  );
});

test('the window of 3 months is one of the calendar, the end of it inside and its start not', () => {
  // 2026-05-31 less 3 months is 2026-02-28: the week of that day is outside, a day later would be inside.
  const rows: WeeklyLevel[] = [];
  for (let i = 14; i >= 0; i--)
    rows.push({ week: addDays('2026-05-31', -7 * i), total: 100, resolved: 14 - i });
  const big = rows.map((row, i) => (i >= 2 ? { ...row, resolved: row.resolved + 50 } : row));
  const weekOf = (i: number) => big[i]?.week ?? '';
  // The jump of 51 lies in row 2, on 2026-03-08: inside of 3 months for rows up to 2026-06-07.
  assert.equal(weekOf(2), '2026-03-08');
  assert.equal(threePoint(big).at(-1)?.optimistic.velocity, 53 / 3);
  const later = [
    ...big,
    { week: '2026-06-07', total: 100, resolved: 65 },
    { week: '2026-06-14', total: 100, resolved: 66 },
  ];
  // On 2026-06-07 the window begins after 2026-03-07; on 2026-06-14 after 2026-03-14.
  assert.equal(threePoint(later).at(-2)?.optimistic.velocity, 53 / 3);
  assert.equal(threePoint(later).at(-1)?.optimistic.velocity, 2);
});

test('a week without tasks has no row, and the next one no change', () => {
  const [a, b, , d] = levels([
    [5, 1],
    [6, 2],
    [6, 2],
    [9, 5],
  ]);
  const weeks = threePoint([a, b, d].filter((row) => row !== undefined));
  assert.deepEqual(
    weeks.map((week) => week.resolvedDelta),
    [0, 1, 0],
  );
  // Three weeks before 2026-11-22 hold two rows: (1 + 0) / 2 is below the floor.
  assert.equal(weeks.at(-1)?.nominal.velocity, 1);
});

test('halves are rounded to even', () => {
  assert.deepEqual([0.5, 1.5, 2.5, 2.49, 2.51, 3].map(roundHalfEven), [0, 2, 2, 2, 3, 3]);
});

test('every week, forecast by the formulas written a second time', () => {
  const week = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }));
  fc.assert(
    fc.property(fc.array(week, { minLength: 1, maxLength: 40 }), (rows) => {
      const all = levels(rows.map(([open, resolved]) => [open + resolved, resolved]));
      threePoint(all).forEach((actual, i) => {
        assert.deepEqual(
          [actual.pessimistic, actual.nominal, actual.optimistic].map((p) => [
            p.velocity,
            p.growth,
            p.weeksLeft,
          ]),
          expected(all, i),
        );
      });
    }),
  );
});

/** One week's three forecasts, by going through all weeks each time, on real dates. */
function expected(all: readonly WeeklyLevel[], now: number): (number | null)[][] {
  const today = all[now] as WeeklyLevel;
  const threeMonths = new Date(`${today.week}T00:00:00Z`);
  const date = threeMonths.getUTCDate();
  threeMonths.setUTCDate(1);
  threeMonths.setUTCMonth(threeMonths.getUTCMonth() - 2, 0);
  threeMonths.setUTCDate(Math.min(date, threeMonths.getUTCDate()));
  const rows = all.slice(0, now + 1).map((row, i) => ({
    at: Date.parse(row.week),
    v: i === 0 ? 0 : row.resolved - (all[i - 1]?.resolved ?? 0),
    g: Math.max(0, i === 0 ? 0 : row.total - (all[i - 1]?.total ?? 0)),
  }));
  const in3m = rows.filter((row) => row.at > threeMonths.getTime());
  const in3w = rows.filter((row) => row.at > Date.parse(today.week) - 21 * 86_400_000);
  const ordered = in3m.map((row) => row.v).sort((a, b) => a - b);
  const growing = in3m.map((row) => row.g).sort((a, b) => b - a);
  const total = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
  const pairs = [
    [
      total(ordered.slice(0, 3).map((x) => (x < 0 ? 0 : x))) / 3,
      Math.max(total(in3m.map((row) => row.g)) / in3m.length, total(growing.slice(0, 3)) / 3),
    ],
    [
      Math.max(1, total(in3w.map((row) => row.v)) / in3w.length),
      total(in3w.map((row) => row.g)) / in3w.length,
    ],
    [Math.max(2, total(ordered.reverse().slice(0, 3)) / 3), 0],
  ] as const;
  return pairs.map(([velocity, growth]) => {
    const nothing = all.slice(0, now + 1).every((row) => row.resolved === 0);
    const weeks = (today.total - today.resolved) / (velocity - growth);
    if (velocity === growth || weeks <= 0 || nothing || today.resolved >= today.total)
      return [velocity, growth, null];
    const halves = Math.round(weeks * 2) / 2 === weeks && !Number.isInteger(weeks);
    return [velocity, growth, halves ? 2 * Math.round(weeks / 2) : Math.round(weeks)];
  });
}

test('levels come from the daily series at the ends of weeks', () => {
  const model = exampleModel({ start: '2026-10-01' });
  const [category] = model.categories;
  assert.ok(category);
  const rows = weeklyLevels(model, [category.daily], 'points');
  assert.equal(rows.at(-1)?.week, model.asOf);
  assert.equal(rows.at(-1)?.resolved, category.daily.resolvedPoints.at(-1));
  assert.equal(
    rows.at(-2)?.total,
    (category.daily.openPoints.at(-8) ?? 0) + (category.daily.resolvedPoints.at(-8) ?? 0),
  );
});
