// `npm run pictures`: the screenshots and the recording of a terminal in docs/pictures/, of a demonstration farm that is
// made for it. Needs Chromium and tmux.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { projectFolder } from './lib/runtime.mjs';
import { asciicast, recordTerminal } from './pictures/record-terminal.mjs';
import { terminalSvg } from './pictures/terminal-svg.mjs';

const rota = join(projectFolder, 'bin', 'rota.mjs');
const target = join(projectFolder, 'docs', 'pictures');
const folder = mkdtempSync(join(tmpdir(), 'rota-pictures-'));
mkdirSync(target, { recursive: true });
try {
  const farm = join(folder, 'farm');
  mkdirSync(join(folder, 'bin'));
  symlinkSync(rota, join(folder, 'bin', 'rota'));
  execFileSync(process.execPath, [rota, 'demo', '--folder', farm, '--no-serve'], { stdio: 'inherit' });
  await photograph(farm);
  const frames = await recordTerminal({
    folder: farm,
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, TERM: 'tmux-256color' },
    commands: [
      'rota dump gardenwiki --date 20260101',
      'rota status',
      'rota why gardenwiki',
      'rota deploy status',
    ],
  });
  write('terminal.cast', asciicast(frames));
  write('terminal.svg', terminalSvg(frames));
} finally {
  // The server may still be writing its last lines.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** @param {string} farm */
async function photograph(farm) {
  const server = spawn(process.execPath, [rota, 'serve', '--json', '--listen', '127.0.0.1:0'], {
    cwd: farm,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { value } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
  const { address } = JSON.parse(value);
  const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox'],
  });
  try {
    const day = readdirSync(join(farm, 'public', 'gardenwiki')).find((name) => /^\d{8}$/.test(name));
    const pages = {
      farm: '/',
      wiki: '/subjects/gardenwiki',
      run: `/runs/full-dump/gardenwiki/${day}`,
      deployments: '/deployments',
      report: '/files/public/reports/web/latest/',
    };
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const context = await browser.newContext({ viewport: { width: 1000, height: 620 }, colorScheme });
      const page = await context.newPage();
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(address + path);
        await page.screenshot({ path: join(target, `${name}-${colorScheme}.png`) });
        process.stdout.write(`docs/pictures/${name}-${colorScheme}.png\n`);
      }
    }
    const phone = await browser.newContext({ viewport: { width: 390, height: 620 } });
    const page = await phone.newPage();
    await page.goto(address);
    await page.screenshot({ path: join(target, 'phone.png') });
  } finally {
    await browser.close();
    server.kill('SIGTERM');
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  writeFileSync(join(target, name), text);
  process.stdout.write(`docs/pictures/${name}\n`);
}
