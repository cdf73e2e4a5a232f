import assert from 'node:assert/strict';
import { test } from 'node:test';
import { weekEnds } from '../model/days.ts';
import type { Flows } from '../model/series.ts';
import { exampleModel } from '../model/testing/example-model.ts';
import { forecastScope, openAtWeekEnds } from './forecast-scope.ts';
import { whyMoved } from './why-moved.ts';

test('a scope is forecast the same every time, for each category and the whole', () => {
  const model = exampleModel();
  const forecast = forecastScope(model);
  assert.deepEqual(forecastScope(exampleModel()), forecast);
  assert.deepEqual(JSON.parse(JSON.stringify(forecast)), forecast);
  for (const unit of ['points', 'count'] as const) {
    assert.deepEqual(
      forecast[unit].categories.map((category) => category.name),
      model.categories.map((category) => category.name),
    );
    assert.equal(forecast[unit].whole.weeks.at(-1)?.week, model.asOf);
    assert.equal(forecast[unit].whole.weeks.length, weekEnds(model).length);
    assert.equal(forecast[unit].whole.monteCarlo.kind, 'forecast');
  }
});

test('the parts of a move add up to it, whatever happened', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const model = exampleModel({ seed, start: '2026-05-01', arrivals: 1 });
    const shown = model.categories.filter(({ display }) => display === 'show').map(({ daily }) => daily);
    for (const unit of ['points', 'count'] as const) {
      const open = openAtWeekEnds(model, shown, unit);
      const moved = whyMoved({ flows: model.flows.visible[unit], open, asOf: model.asOf });
      if (moved.kind !== 'moved') continue;
      const days = (Date.parse(moved.now) - Date.parse(moved.before)) / 86_400_000;
      // Both dates are rounded to days.
      assert.ok(Math.abs(days - moved.days) <= 1.001, `${days} and ${moved.days}`);
    }
  }
});

test('a move reckoned by hand', () => {
  // Twelve weeks of 4 done and 2 added: 2 a week net. Then 3 done, 5 added, 1 re-opened.
  const series = (usual: number, last: number) => Float64Array.from([0, ...Array(12).fill(usual), last]);
  const flows: Flows = {
    resolved: series(4, 3),
    added: series(2, 5),
    removed: series(0, 0),
    reopened: series(0, 1),
    reestimated: series(0, 0),
  };
  const open = [...Array.from({ length: 13 }, (_, i) => 44 - 2 * i), 23];
  const moved = whyMoved({ flows, open, asOf: '2026-11-22' });
  assert.equal(moved.kind, 'moved');
  // 20 open a week ago at 2 a week: 70 days from 2026-11-15.
  assert.equal(moved.before, '2027-01-24');
  const days = Object.fromEntries(moved.parts.map((part) => [part.cause, part.days]));
  assert.deepEqual(
    [days.work, days.added, days.removed, days.reestimated, days.reopened],
    [3.5, 10.5, 0, 0, 3.5],
  );
  // The mean week is now (48 - 1 + ...) : 47/12 done, 27/12 added, 1/12 reopened: 19/12 net.
  assert.ok(Math.abs((days.pace ?? 0) - 7 * 23 * (12 / 19 - 1 / 2)) < 1e-9);
  assert.equal(moved.now, '2027-03-04');
});

test('no date is said so', () => {
  const flat = (n: number) => Float64Array.from([0, ...Array(13).fill(n)]);
  const flows: Flows = {
    resolved: flat(2),
    added: flat(2),
    removed: flat(0),
    reopened: flat(0),
    reestimated: flat(0),
  };
  const input = { flows, open: Array(14).fill(9), asOf: '2026-11-22' };
  assert.deepEqual(whyMoved(input), { kind: 'no-date', before: null, now: null });
  const young = Object.fromEntries(
    Object.entries(flows).map(([name, s]) => [name, s.subarray(0, 8)]),
  ) as unknown;
  assert.deepEqual(whyMoved({ ...input, flows: young as Flows }), { kind: 'not-enough-data' });
});
