// Every page in Chromium: no message on the console, nothing that axe finds, no page wider than its window, all of it by
// keyboard, and live while a run goes on.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { examine, startBrowser } from '../report/browser.ts';
import { requires } from '../support/requirements.ts';
import { startRota } from '../support/rota.ts';
import { date, makeWebFarm, publicWiki, type RunningWeb, serveWeb, type WebFarm } from './web-farm.ts';

const dot = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0,0h8v8z"/></svg>';

const insidePages = [
  '/',
  '/runs',
  '/runs?state=done',
  '/schedule',
  '/reports',
  '/deployments',
  `/subjects/${publicWiki}`,
  `/runs/full-dump/${publicWiki}/${date}`,
  '/sign-in',
  '/files/private/',
  '/no-such-page',
];

describe('the pages', { skip: requires('chromium') }, () => {
  let farm: WebFarm;
  let inside: RunningWeb;
  let outside: RunningWeb;
  let browser: Browser & AsyncDisposable;

  before(async () => {
    farm = await makeWebFarm();
    inside = await serveWeb(farm.folder.path);
    outside = await serveWeb(farm.folder.path, '--public');
    browser = await startBrowser();
  });
  after(async () => {
    await browser[Symbol.asyncDispose]();
    await inside[Symbol.asyncDispose]();
    await outside[Symbol.asyncDispose]();
    await farm[Symbol.asyncDispose]();
  });

  const faultsOf = (page: Page): string[] => {
    const faults: string[] = [];
    // A page that is not there is told so by its status, and Chromium's console with it.
    page.on('console', (message) => {
      if (!message.text().includes('404')) faults.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`));
    return faults;
  };

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      it(`are right in ${colorScheme} at ${width} pixels`, async () => {
        const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
        const page = await context.newPage();
        const faults = faultsOf(page);
        const all = [
          ...insidePages.map((path) => `${inside.address}${path}`),
          ...['/status', '/'].map((path) => `${outside.address}${path}`),
        ];
        for (const url of all) {
          await page.goto(url, { timeout: 60_000 });
          const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
          if (Number(wide) > 0) faults.push(`${url}: ${wide} pixels too wide`);
          faults.push(...(await examine(page)).map((finding) => `${url}: ${finding}`));
        }
        assert.deepEqual(faults, []);
        await context.close();
      });
    }
  }

  it('are operated by keyboard alone, from signing in to an action', async () => {
    const token = await farm.token('kay', 'operate');
    const page = await browser.newPage();
    const faults = faultsOf(page);
    await page.goto(`${inside.address}/`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate('document.activeElement.className'), 'skip');
    const press = async (name: string) => {
      for (let i = 0; i < 60; i++) {
        const text = await page.evaluate('document.activeElement.textContent.trim()');
        if (text === name) {
          await page.keyboard.press('Enter');
          return;
        }
        await page.keyboard.press('Tab');
      }
      assert.fail(`no ${name} is reached by the keyboard`);
    };
    await press('Sign in');
    await page.waitForURL('**/sign-in*');
    await page.keyboard.type(token);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${inside.address}/`);
    // A run that waits, to be cancelled.
    const planned = await farm.rota('dump', publicWiki, '--date', '20260301', '--only', 'spool');
    assert.ok([0, 3].includes(planned.status), planned.stderr);
    await page.goto(`${inside.address}/runs/full-dump/${publicWiki}/20260301`);
    await press('Cancel');
    await page.waitForURL('**said=cancel');
    assert.match((await page.textContent('.facts')) ?? '', /cancelled/);
    assert.deepEqual(faults, []);
    await page.close();
  });

  it('lead on from files behind a token, without signing in again; strangers who are led here sign in', async () => {
    const token = await farm.token('rita', 'view');
    await writeFile(farm.folder.in('public', 'dot.svg'), dot);
    await writeFile(
      farm.folder.in('public', 'led.html'),
      '<!doctype html><title>Led</title><link rel="icon" href="data:,"><img src="dot.svg"><a href="index.html">on</a>',
    );
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${inside.address}/files/public/led.html`);
    assert.equal(
      await page.evaluate('document.images[0].decode().then(() => document.images[0].naturalWidth)'),
      8,
    );
    await using guarded = await serveWeb(farm.folder.path, '--listen', '0.0.0.0:0');
    const at = `http://127.0.0.1:${guarded.port}`;
    // A stranger who is led here, and led on, has to sign in all the same.
    await page.goto(`${at}/files/public/led.html`);
    await page.waitForURL(`${at}/sign-in?to=*`);
    await page.fill('input[name=token]', token);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${at}/files/public/led.html`);
    await page.click('a');
    await page.waitForURL(`${at}/files/public/index.html`);
    const other = await (await browser.newContext()).newPage();
    await other.goto(`${inside.address}/files/public/led.html`);
    await other.evaluate(`location.href = '${at}/runs'`);
    await other.waitForURL(`${at}/sign-in?to=%2Fruns`);
    await context.close();
    await other.context().close();
  });

  it('change by themselves while a run goes on, and keep what the reader opened', async () => {
    const page = await browser.newPage();
    const faults = faultsOf(page);
    const run = `full-dump/${publicWiki}/20260401`;
    await page.goto(`${inside.address}/subjects/${publicWiki}`);
    const dump = startRota(['dump', publicWiki, '--date', '20260401'], { cwd: farm.folder.path });
    await page.waitForSelector(`a[href="/runs/${run}"]`, { timeout: 60_000 });
    await page.goto(`${inside.address}/runs/${run}`);
    await page.click('summary');
    await page.waitForSelector('.facts .chip.done', { timeout: 60_000 });
    assert.equal(await page.evaluate('document.querySelector("details").open'), true);
    assert.equal((await dump).exitCode, 0);
    // Both kinds of page say the same.
    assert.match(await (await inside.get(`/runs/${run}`)).text(), /class="chip done"/);
    assert.deepEqual(faults, []);
    await page.close();
  });
});
