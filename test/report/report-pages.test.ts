import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Browser } from 'playwright-core';
import { forecastScope } from '../../src/jobs/report/forecast/forecast-scope.ts';
import { type ExampleOptions, exampleModel } from '../../src/jobs/report/model/testing/example-model.ts';
import { hostileTitles } from '../../src/jobs/report/model/testing/hostile-titles.ts';
import type { ReportJson } from '../../src/jobs/report/pages/data/report-json.ts';
import { renderDifferences } from '../../src/jobs/report/pages/farm/differences-page.ts';
import { renderGroup } from '../../src/jobs/report/pages/farm/group-page.ts';
import { renderIndex, type ScopeEntry } from '../../src/jobs/report/pages/farm/index-page.ts';
import { renderScopeHome } from '../../src/jobs/report/pages/farm/scope-home.ts';
import { renderScope } from '../../src/jobs/report/pages/render-scope.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { examine, lookAt, startBrowser } from './browser.ts';

const skip = requires('chromium');

/** Writes a report and gives the names of its pages. */
function writeReport(folder: string, options: ExampleOptions): readonly string[] {
  const model = exampleModel(options);
  const pages: string[] = [];
  for (const { path, content } of renderScope(model, forecastScope(model), { allScopes: null })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    if (path.endsWith('.html') && !path.startsWith(model.scope)) pages.push(path);
  }
  return pages;
}

const hostile: ExampleOptions = {
  titles: (random) => random.pick(hostileTitles),
  title: hostileTitles[0] ?? '',
  categories: hostileTitles
    .slice(0, 9)
    .map((name, i) => ({ name: `${name} ${i}`, display: i === 5 ? 'hide' : 'show' })),
  start: '2026-05-01',
  initial: 80,
};

for (const { name, options, pages } of [
  // Categories have pages of one kind.
  { name: 'an ordinary scope', options: {}, pages: /^(?!category-[2-9])/ },
  {
    name: 'titles that attack',
    options: hostile,
    pages: /^(?:index|burn-up|forecasts|category-1|flow|open-tasks|rules)\.html$/,
  },
]) {
  test(`pages of ${name}: nothing in the console, no request, as wide as their window, no label on another`, {
    skip,
  }, async () => {
    await using folder = await temporaryFolder('report');
    const all = writeReport(folder.path, options);
    await using browser = await startBrowser();
    const files = all.filter((page) => pages.test(page)).map((page) => join(folder.path, page));
    assert.ok(files.length >= 7);
    assert.deepEqual(await lookAt(browser, files), []);
  });
}

/** The pages above two scopes: one with its report in the folder, one that failed and has none. */
function writeFarmPages(folder: string): readonly string[] {
  writeReport(join(folder, 'garden', '2026-11-22'), {});
  const report: ReportJson = JSON.parse(
    readFileSync(join(folder, 'garden', '2026-11-22', 'report.json'), 'utf8'),
  );
  const title = hostileTitles[0] ?? '';
  const entry: ScopeEntry = {
    scope: 'garden',
    title: report.title,
    report,
    folder: 'garden/2026-11-22/',
    failure: { day: '2026-11-23', kind: 'held' },
  };
  const failed: ScopeEntry = {
    scope: 'odd',
    title,
    report: null,
    folder: '',
    failure: { day: '2026-11-23', kind: 'failed' },
  };
  const [first, ...others] = report.points.categories;
  const recomputed: ReportJson = {
    ...report,
    rulesDigest: 2,
    points: {
      ...report.points,
      categories: first === undefined ? [] : [{ ...first, name: title, total: 3 }, ...others],
    },
  };
  const dates = [{ day: '2026-11-22', differences: true }];
  const files = [
    renderIndex([entry, failed], [{ title, href: 'all.html' }]),
    renderGroup({ name: 'all', title, scopes: [entry, failed] }, 'index.html'),
    { path: 'garden', file: renderScopeHome({ entry, dates, allScopes: '../index.html' }) },
    { path: 'garden', file: renderDifferences(report, recomputed) },
  ].map((made) =>
    'file' in made
      ? { path: join(made.path, made.file?.path ?? ''), content: made.file?.content ?? '' }
      : made,
  );
  for (const { path, content } of files) writeFileSync(join(folder, path), content);
  return files.map(({ path }) => path);
}

test('pages above the scopes: nothing in the console, no request, as wide as their window, pictures there', {
  skip,
}, async () => {
  await using folder = await temporaryFolder('report');
  const pages = writeFarmPages(folder.path);
  assert.equal(pages.length, 4);
  await using browser = await startBrowser();
  const files = pages.map((page) => join(folder.path, page));
  assert.deepEqual(await lookAt(browser, files), []);
  assert.deepEqual(await examineAll(browser, files), []);
});

test('every kind of page is accessible, in the one scheme or the other', { skip }, async () => {
  await using folder = await temporaryFolder();
  const pages = writeReport(folder.path, {}).filter(
    (page) => !/^category-[2-9]|-\d+\.html$/.test(page) || page === 'category-1.html',
  );
  assert.ok(pages.length >= 15, pages.join());
  await using browser = await startBrowser();
  assert.deepEqual(
    await examineAll(
      browser,
      pages.map((page) => join(folder.path, page)),
    ),
    [],
  );
});

/** What axe finds: every other page in the dark. */
async function examineAll(browser: Browser, files: readonly string[]): Promise<readonly string[]> {
  const faults: string[] = [];
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  for (const [i, file] of files.entries()) {
    const colorScheme = i % 2 === 0 ? 'light' : 'dark';
    await page.emulateMedia({ colorScheme });
    await page.goto(`file://${file}`, { timeout: 120_000 });
    faults.push(...(await examine(page)).map((fault) => `${basename(file)}, ${colorScheme}: ${fault}`));
  }
  await page.close();
  return faults;
}

test('lists of tasks sort and filter, and can be read without scripts', { skip }, async () => {
  await using folder = await temporaryFolder();
  writeReport(folder.path, {});
  await using browser = await startBrowser();
  const file = `file://${join(folder.path, 'open-tasks.html')}`;
  const page = await browser.newPage();
  await page.goto(file, { timeout: 120_000 });
  const column = (n: number) => page.locator(`#tasks tbody tr:visible td:nth-child(${n})`).allTextContents();
  const all = await column(1);
  await page.getByRole('button', { name: 'Points' }).click();
  const points = (await column(4)).filter((text) => text !== '').map(Number);
  assert.deepEqual(
    points,
    points.toSorted((a, b) => a - b),
  );
  await page.getByRole('button', { name: 'Points' }).click();
  const down = (await column(4)).filter((text) => text !== '').map(Number);
  assert.deepEqual(down, points.toReversed());
  await page.getByRole('button', { name: 'Priority' }).click();
  assert.equal((await column(5))[0], 'Unbreak Now!');
  await page.getByRole('searchbox').fill('unbreak now');
  assert.deepEqual([...new Set(await column(5))], ['Unbreak Now!']);
  assert.match(await page.locator('output').innerText(), /^\d+ of \d+ shown$/);

  const still = await browser.newContext({ javaScriptEnabled: false });
  const plain = await still.newPage();
  await plain.goto(file, { timeout: 120_000 });
  assert.equal(await plain.locator('#tasks tbody tr').count(), all.length);
  assert.equal(await plain.locator('.filter').isVisible(), false);
  await still.close();
});
