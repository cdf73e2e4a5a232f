import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { program } from '../support/requirements.ts';

/** Starts the installed Chromium; it is ended with `await using`. */
export async function startBrowser(): Promise<Browser & AsyncDisposable> {
  const browser = await chromium.launch({
    executablePath: program('chromium', 'google-chrome'),
    // Tests run as root in containers, where Chromium has no sandbox; it opens files of this test only.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
    timeout: 120_000,
  });
  return Object.assign(browser, { [Symbol.asyncDispose]: () => browser.close() });
}

/** How pages are looked at: on a desk, on a phone, and on a sheet of paper. */
const looks = [
  { width: 1280, colorScheme: 'light', media: 'screen' },
  { width: 390, colorScheme: 'dark', media: 'screen' },
  { width: 794, colorScheme: 'light', media: 'print' },
] as const;

/**
 * Opens pages one after the other and says what is wrong with each: messages of the console, errors of scripts, requests
 * for anything that is not a file here, pages wider than their window, labels of charts on one another or outside.
 */
export async function lookAt(browser: Browser, files: readonly string[]): Promise<readonly string[]> {
  const faults: string[] = [];
  const page = await browser.newPage();
  let name = '';
  page.on('console', (message) => faults.push(`${name}: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`${name}: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(?:file|data):/.test(request.url())) faults.push(`${name} asks for ${request.url()}`);
  });
  for (const file of files) {
    name = basename(file);
    await page.goto(`file://${file}`, { timeout: 120_000 });
    const broken = (await page.evaluate(findBrokenPictures)) as readonly string[];
    faults.push(...broken.map((source) => `${name}: ${source} is not there`));
    for (const { width, ...media } of looks) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia(media);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      if (overflow !== 0) faults.push(`${name} at ${width}: ${overflow} pixels too wide`);
      const collisions = (await page.evaluate(findCollisions)) as readonly string[];
      faults.push(...collisions.map((collision) => `${name} at ${width}: ${collision}`));
    }
  }
  await page.close();
  return faults;
}

/** What axe finds, as one line a finding. */
export async function examine(page: Page): Promise<readonly string[]> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // As an evaluation: a script element would be refused by the page's own policy, as it should.
  await page.evaluate(axe);
  const results = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as {
    violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
  };
  return results.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map((n) => `${n.target.join(' ')} ${n.failureSummary}`)
        .join(' | ')}`,
  );
}

/** Runs in the page: pictures far below are loaded only now. */
const findBrokenPictures = `(async () => {
  const found = [];
  for (const image of document.querySelectorAll('img')) {
    image.loading = 'eager';
    await image.decode().catch(() => found.push(image.getAttribute('src')));
  }
  return found;
})()`;

/** Runs in the page. Two pixels are the difference between a line box and what is drawn in it. */
const findCollisions = `(() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.chart')) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0) continue;
    const boxes = [...svg.querySelectorAll('text')].map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    for (const [i, a] of boxes.entries()) {
      if (a.box.left < frame.left - 2 || a.box.right > frame.right + 2 || a.box.top < frame.top - 2 || a.box.bottom > frame.bottom + 2)
        found.push(svg.closest('figure').id + ': ' + a.text + ' leaves the chart');
      for (const b of boxes.slice(i + 1)) {
        const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (x > 2 && y > 2) found.push(svg.closest('figure').id + ': ' + a.text + ' / ' + b.text);
      }
    }
  }
  return found;
})()`;
