import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { forecastScope } from '../../src/jobs/report/forecast/forecast-scope.ts';
import { type ExampleOptions, exampleModel } from '../../src/jobs/report/model/testing/example-model.ts';
import { hostileTitles } from '../../src/jobs/report/model/testing/hostile-titles.ts';
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

test('pages are accessible, in both schemes', { skip }, async () => {
  await using folder = await temporaryFolder();
  writeReport(folder.path, {});
  await using browser = await startBrowser();
  const faults: string[] = [];
  for (const [file, scheme] of [
    ['index.html', 'light'],
    ['index.html', 'dark'],
    ['forecasts.html', 'dark'],
    ['open-tasks.html', 'light'],
    ['rules.html', 'dark'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: scheme });
    await page.goto(`file://${join(folder.path, file)}`, { timeout: 120_000 });
    faults.push(...(await examine(page)).map((fault) => `${file}, ${scheme}: ${fault}`));
    await page.close();
  }
  assert.deepEqual(faults, []);
});

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
