import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastScope } from '../../forecast/forecast-scope.ts';
import { exampleModel } from '../../model/testing/example-model.ts';
import { currentForecasts } from '../../pages/scope/forecast-table.ts';
import { reportInput } from '../../pages/scope/scope-figures.ts';
import { drawForecastRows } from './forecast-rows.ts';

test('a category in which nothing was ever to be done is not called done', () => {
  const model = exampleModel({ start: '2026-06-01' });
  const forecast = forecastScope(model);
  const [first, ...others] = forecast.points.categories;
  assert.ok(first);
  const weeks = first.weeks.map((week) => ({ ...week, total: 0, resolved: 0, state: 'complete' as const }));
  const empty = { ...first, weeks, monteCarlo: { kind: 'complete' as const } };
  for (const layout of ['wide', 'narrow'] as const) {
    const { body } = drawForecastRows([empty], 'points', model.asOf, layout);
    assert.doesNotMatch(String(body), /Done|ink/, layout);
    assert.match(String(body), />–</, layout);
  }
  const points = { ...forecast.points, categories: [empty, ...others] };
  const table = String(
    currentForecasts({
      ...reportInput(model, forecast),
      forecast: { ...forecast, points },
      units: ['points'],
    }),
  );
  const [row = ''] = new RegExp(`<tr>(?:(?!</tr>).)*${first.name}.*?</tr>`, 's').exec(table) ?? [];
  assert.doesNotMatch(row, /done|Never|Not enough/i);
});
