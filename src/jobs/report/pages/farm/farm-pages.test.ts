import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastScope } from '../../forecast/forecast-scope.ts';
import { type ExampleOptions, exampleModel } from '../../model/testing/example-model.ts';
import type { ReportJson } from '../data/report-json.ts';
import { renderScope } from '../render-scope.ts';
import { differencesOf } from './differences.ts';
import { renderDifferences } from './differences-page.ts';
import { renderGroup } from './group-page.ts';
import { renderIndex, type ScopeEntry } from './index-page.ts';
import { renderScopeHome } from './scope-home.ts';

function reportOf(options: ExampleOptions = {}): ReportJson {
  const model = exampleModel({ start: '2026-06-01', ...options });
  for (const file of renderScope(model, forecastScope(model), { allScopes: null })) {
    if (file.path === 'report.json') return JSON.parse(file.content) as ReportJson;
  }
  throw new Error('a report without report.json');
}

const report = reportOf();
const entry: ScopeEntry = {
  scope: 'garden',
  title: 'Garden tools',
  report,
  folder: 'garden/2026-11-22/',
  failure: null,
};
const failure = { day: '2026-11-23', kind: 'failed' } as const;

test('the index shows every scope with its report, and says which failed and what is shown instead', () => {
  const { path, content } = renderIndex(
    [
      { ...entry, failure },
      { ...entry, scope: 'new', title: '<i>New</i>', report: null, failure: null },
      { ...entry, title: 'Odd', failure: { day: '2026-11-23', kind: 'held' } },
    ],
    [{ title: 'Audiences', href: 'audiences.html' }],
  );
  assert.equal(path, 'index.html');
  assert.ok(
    content.includes('href="garden/2026-11-22/index.html"') && content.includes('href="audiences.html"'),
  );
  assert.match(content, /the report of 23 November 2026 could not be made\./);
  assert.match(content, /What is shown is of 22 November 2026\./);
  assert.match(content, /Odd<\/bdi><\/strong>: the report of 23 November 2026 is held back until/);
  assert.ok(content.includes('&lt;i&gt;New&lt;/i&gt;'));
  assert.match(content, /no report yet/);
});

test('a group shows the burn-up of each scope in the unit of its report', () => {
  const counts = reportOf({ settings: { showPoints: false } });
  const { path, content } = renderGroup(
    {
      name: 'audiences',
      title: 'Audiences',
      scopes: [entry, { ...entry, report: counts, folder: 'b/2026-11-22/' }],
    },
    'index.html',
  );
  assert.equal(path, 'audiences.html');
  assert.ok(content.includes('src="garden/2026-11-22/charts/backlog-burn-up-points-narrow.svg"'));
  assert.ok(content.includes('src="b/2026-11-22/charts/backlog-burn-up-count-narrow.svg"'));
});

test('a group holds the pictures of its scopes as far as they fit, and links to the others', () => {
  const scopes = ['a', 'b', 'c'].map((scope) => ({ ...entry, scope, folder: `${scope}/2026-11-22/` }));
  const pictures: Readonly<Record<string, string>> = { a: '<svg>é</svg>', b: 'x'.repeat(400_000) };
  const { content } = renderGroup(
    { name: 'all', title: 'All', scopes },
    'index.html',
    (scope) => pictures[scope] ?? null,
  );
  const sources = [...content.matchAll(/<img src="([^"]+)"/g)].map(([, source]) => source);
  assert.deepEqual(sources, [
    `data:image/svg+xml;base64,${Buffer.from('<svg>é</svg>').toString('base64')}`,
    'b/2026-11-22/charts/backlog-burn-up-points-narrow.svg',
    'c/2026-11-22/charts/backlog-burn-up-points-narrow.svg',
  ]);
});

test("a scope's folder leads to its newest report, its dates and what failed since", () => {
  const { content } = renderScopeHome({
    entry: { ...entry, failure },
    dates: [
      { day: '2026-11-22', differences: false },
      { day: '2026-11-21', differences: true },
    ],
    allScopes: '../index.html',
  });
  assert.ok(
    content.includes('href="2026-11-22/index.html"') &&
      content.includes('href="2026-11-21-differences.html"'),
  );
  assert.ok(!content.includes('2026-11-22-differences.html'));
  assert.match(content, /could not be made/);
});

test('a day that is reckoned again to the same numbers has no page of differences', () => {
  assert.deepEqual(differencesOf(report, report), { numbers: [], reasons: [] });
  assert.equal(renderDifferences(report, report), null);
});

test('differences name the numbers and what may explain them', () => {
  const [first, ...others] = report.points.categories;
  assert.ok(first !== undefined);
  const recomputed: ReportJson = {
    ...report,
    settings: { ...report.settings, defaultPoints: 2 },
    rulesDigest: 2,
    points: { ...report.points, categories: [{ ...first, total: first.total + 3 }, ...others.slice(1)] },
    count: { ...report.count, categories: report.count.categories.filter((c) => c.name !== others[0]?.name) },
    quality: { ...report.quality, gone: 2, sourceAt: '2026-12-01T02:00:00Z' },
  };
  const { numbers, reasons } = differencesOf(report, recomputed);
  const total = numbers.find((n) => n.category === first.name && n.what === 'total');
  assert.deepEqual(total, {
    category: first.name,
    unit: 'points',
    what: 'total',
    published: first.total,
    recomputed: first.total + 3,
  });
  assert.ok(numbers.some((n) => n.category === others[0]?.name && n.recomputed === null));
  assert.deepEqual(
    reasons.map((reason) => reason.kind),
    ['category-gone', 'setting', 'rules', 'source', 'gone'],
  );
  const page = renderDifferences(report, recomputed);
  assert.equal(page?.path, '2026-11-22-differences.html');
  assert.match(page?.content ?? '', /The setting default points was null and is 2\./);
});
