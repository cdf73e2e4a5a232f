import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../charts/testing/parse-csv.ts';
import { forecastScope } from '../forecast/forecast-scope.ts';
import { addDays, dayCount } from '../model/days.ts';
import { type ExampleOptions, exampleModel } from '../model/testing/example-model.ts';
import { hostileTitles } from '../model/testing/hostile-titles.ts';
import type { ReportJson } from './data/report-json.ts';
import { renderScope } from './render-scope.ts';

function report(options: ExampleOptions = {}): ReadonlyMap<string, string> {
  const model = exampleModel(options);
  const files = [...renderScope(model, forecastScope(model), { allScopes: null })];
  assert.equal(new Set(files.map((file) => file.path)).size, files.length, 'each path once');
  return new Map(files.map((file) => [file.path, file.content]));
}

/** All that pages and charts are made of. */
const elements = new Set(
  `html head meta title link style body div header nav main section footer h1 h2 h3 p a bdi strong span ul ol li table
  thead tbody tr th td figure figcaption details summary label input output script svg path rect circle text tspan`.split(
    /\s+/,
  ),
);

const lines = (files: ReadonlyMap<string, string>, path: string) =>
  (files.get(path) ?? '').trimEnd().split('\n');

test('a report has all its pages, and the same bytes every time', () => {
  const files = report();
  assert.deepEqual(report(), files);
  for (const path of [
    'index.html',
    'burn-up.html',
    'burn-up-quarter.html',
    'forecasts.html',
    'categories.html',
    'category-1.html',
    'work.html',
    'flow.html',
    'open-tasks.html',
    'recently-closed.html',
    'unpointed.html',
    'status-report.html',
    'status-report-last-quarter.html',
    'rules.html',
    'data.html',
    'report.json',
    'garden_report.html',
    'garden_rules.html',
    'garden_current_forecasts.html',
    'garden_open_by_category.html',
    'garden_recently_closed.html',
    'garden_unpointed.html',
    'garden_status_report.html',
    'garden_status_report_lastq.html',
    'garden_date_row.html',
    'garden_category_possibilities.txt',
    'garden_maintenance_fraction_total_by_points.csv',
    'garden_maintenance_fraction_total_by_count.csv',
  ]) {
    assert.ok(files.has(path), path);
  }
});

test('every figure has its chart, its data and its sentence, and every link leads to a file', () => {
  const files = report();
  const json = JSON.parse(files.get('report.json') ?? '') as ReportJson;
  assert.ok(json.figures.length > 40);
  for (const { name, sentence } of json.figures) {
    assert.ok(files.has(`charts/${name}.svg`) && files.has(`data/${name}.csv`), name);
    assert.match(sentence, /\.$/);
  }
  for (const [path, content] of files) {
    if (!path.endsWith('.html')) continue;
    for (const [, target = ''] of content.matchAll(/(?:href|src)="([^"#]+)/g)) {
      if (target.startsWith('https://phabricator.example.org/') || target.startsWith('data:')) continue;
      assert.ok(files.has(target), `${path} links to ${target}`);
    }
  }
});

test('pages and drawings stay small on a scope with many categories and thousands of tasks', () => {
  const categories = Array.from({ length: 14 }, (_, i) => ({
    name: `Category ${i + 1} of the garden with a long name`,
    display: i % 5 === 4 ? ('hide' as const) : ('show' as const),
  }));
  const start = addDays('2026-11-22', -400);
  const files = report({ categories, initial: 2500, arrivals: 40, velocity: 30, start });
  for (const [path, content] of files) {
    if (!path.endsWith('.html')) continue;
    assert.ok(Buffer.byteLength(content) <= 500_000, `${path}: ${Buffer.byteLength(content)}`);
    for (const [svg] of content.matchAll(/<svg[\s\S]*?<\/svg>/g)) {
      assert.ok(Buffer.byteLength(svg) <= 80_000, `${path}: ${Buffer.byteLength(svg)}`);
    }
  }
  assert.ok(files.has('open-tasks-2.html'), 'a long list has parts');
  const parts = [...files].filter(([path]) => /^open-tasks(-\d+)?\.html$/.test(path));
  const ids = parts.flatMap(([, content]) =>
    [...content.matchAll(/<bdi>T(\d+)<\/bdi>/g)].map(([, id]) => id),
  );
  assert.equal(ids.length, lines(files, 'data/open-tasks.csv').length - 1);
});

test('no page asks for anything outside, and its policy would not let it', () => {
  for (const [path, content] of report()) {
    if (!path.endsWith('.html') || path.endsWith('_date_row.html')) continue;
    assert.ok(content.includes('content="default-src &#039;none&#039;; '), path);
    assert.ok(
      !/<(?:script|link|img|iframe|object|embed|form)[^>]*(?:src|href|action)="(?!data:)/.test(content),
      path,
    );
    assert.ok(!/@import|url\(/.test(content), path);
  }
});

test('titles that attack are text, on every page, chart and in every file', () => {
  const files = report({
    titles: (random) => random.pick(hostileTitles),
    title: hostileTitles[0] ?? '',
    categories: hostileTitles
      .slice(0, 6)
      .map((name, i) => ({ name: `${name} ${i}`, display: i === 5 ? 'hide' : 'show' })),
    start: '2026-06-01',
    initial: 60,
  });
  for (const [path, content] of files) {
    assert.ok(!/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u202A-\u202E\u2066-\u2069]/.test(content), path);
    assert.ok(content.isWellFormed(), path);
    if (path.endsWith('.html') || path.endsWith('.svg')) {
      // Nothing that came from a title opens an element or leaves an attribute: what is left of tags without the
      // values of attributes is all this program's.
      for (const [tag, name = ''] of content.matchAll(/<([a-z][a-z0-9]*)\b[^>]*>/gi)) {
        const bare = tag.replace(/"[^"]*"/g, '');
        assert.ok(elements.has(name) && !/\son|["']/i.test(bare), `${path}: ${tag.slice(0, 200)}`);
      }
      assert.equal(content.match(/<script>/g)?.length ?? 0, content.includes('script-src') ? 1 : 0, path);
    }
    if (path.endsWith('.csv')) {
      const formulas = parseCsv(content)
        .flat()
        .filter((cell) => /^\s*[=+@-]/.test(cell) && !/^-?[\d.]+(e-?\d+)?$/.test(cell));
      assert.deepEqual(formulas, [], path);
    }
  }
});

test('the daily counts are the series, without rows of zero', () => {
  const model = exampleModel({ start: '2026-10-01' });
  const files = new Map(
    [...renderScope(model, forecastScope(model), { allScopes: null })].map((f) => [f.path, f.content]),
  );
  const [head, ...rows] = lines(files, 'data/daily-counts.csv').map((line) => line.split(','));
  assert.deepEqual(head, ['date', 'category', 'status', 'count', 'points']);
  assert.ok(rows.every(([, , , count]) => Number(count) > 0));
  const read = new Map(
    rows.map(([date, category, status, ...values]) => [`${date} ${category} ${status}`, values.map(Number)]),
  );
  for (let day = 0; day < dayCount(model); day++) {
    for (const { name, daily } of model.categories) {
      const at = `${addDays(model.start, day)} ${name}`;
      const pair = (count: Float64Array, points: Float64Array) =>
        count[day] === 0 ? undefined : [count[day], points[day]];
      assert.deepEqual(read.get(`${at} open`), pair(daily.openCount, daily.openPoints));
      assert.deepEqual(read.get(`${at} resolved`), pair(daily.resolvedCount, daily.resolvedPoints));
    }
  }
});

test('forecast.csv has the columns of the design and every week of every category', () => {
  const model = exampleModel({ start: '2026-06-01' });
  const forecast = forecastScope(model);
  const files = new Map(
    [...renderScope(model, forecast, { allScopes: null })].map((f) => [f.path, f.content]),
  );
  const [head, ...rows] = lines(files, 'data/forecast.csv');
  assert.equal(
    head,
    'category,week,unit,total,resolved,pes_vel,pes_growth,pes_weeks_left,nom_vel,nom_growth,nom_weeks_left,opt_vel,opt_growth,opt_weeks_left',
  );
  const weeks = [forecast.points, forecast.count].flatMap((unit) =>
    unit.categories.flatMap((category) => category.weeks),
  );
  assert.equal(rows.length, weeks.length);
});

test('settings decide what is shown: no points, no status project, a scope without tasks', () => {
  const counts = report({ settings: { showPoints: false } });
  assert.ok(!counts.has('data/backlog-burn-up-points.csv') && counts.has('data/backlog-burn-up-count.csv'));
  const empty = report({ tasks: [] });
  assert.match(empty.get('index.html') ?? '', /There are no points here\./);
  assert.doesNotMatch([...empty.values()].join(''), /NaN|Infinity|undefined/);
});
