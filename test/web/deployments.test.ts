// A deployment as hosts × stages, over the API and in Chromium, while it goes on: a host that waits behind a check, one
// that failed, one that has not begun.
import assert from 'node:assert/strict';
import { glob, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type * as z from 'zod';
import * as schemas from '../../src/web/api/schemas.ts';
import { localHosts, makeDeployFarm } from '../deploy/deploy-farm.ts';
import { startBrowser } from '../report/browser.ts';
import { requires } from '../support/requirements.ts';
import { signalTree } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveWeb } from './web-farm.ts';

type Grid = z.infer<typeof schemas.hosts>;

test('the grid of hosts and stages follows a deployment', { skip: requires('git', 'chromium') }, async () => {
  await using folder = await temporaryFolder('web-deploy');
  const hosts = localHosts(folder.path, 3);
  const gate = folder.in('gate');
  const farm = await makeDeployFarm(folder.path, hosts, {
    groups: [
      { name: 'canary', hosts: ['h1'] },
      { name: 'all', failureLimit: 1 },
    ],
    // What waits for the test is not to end by itself.
    deadline: '300s',
    checks: [{ name: 'gate', command: `while [ ! -e ${gate} ]; do sleep 0.1; done` }],
  });
  await farm.write('index.php', 'one');
  // Its slots cannot be made: a file is in the way.
  const blocked = `${hosts.folderOf('h3')}-cache`;
  await mkdir(join(blocked, '..'), { recursive: true });
  await writeFile(blocked, 'no folder');
  const pushing = farm.start('push');
  try {
    await using web = await serveWeb(folder.path);
    const grid = await whenGrid(
      web.get,
      ({ stages, hosts: [first] }) =>
        stages.at(-1)?.name === 'rollout-canary' && first?.state === 'promoting',
    );
    assert.deepEqual(
      grid.hosts.map(({ host, group, state }) => [host, group, state]),
      [
        ['h1', 'canary', 'promoting'],
        ['h2', 'all', 'prepared'],
        ['h3', 'all', 'failed'],
      ],
    );
    const [h1, h2, h3] = grid.hosts.map(({ cells }) => cells.map(({ state }) => state));
    assert.ok(['running', 'waiting'].includes(h1?.at(-1) ?? ''), JSON.stringify(grid));
    assert.equal(h2?.at(-1), 'none');
    assert.ok(h3?.includes('failed'));

    await using browser = await startBrowser();
    const page = await browser.newPage();
    await page.goto(`${web.address}/deployments`);
    const row = (host: string) => page.locator(`.hosts tbody tr:has(th:has-text("${host}"))`);
    assert.match((await row('h3').textContent()) ?? '', /h3.*: [A-Z_]+: .*failed/s);
    // Failed hosts come first.
    assert.match((await page.locator('.hosts tbody tr').first().textContent()) ?? '', /^h3/);
    await writeFile(gate, '');
    // Without loading it again.
    await row('h2').locator('.chip.promoted').waitFor({ timeout: 60_000 });
    assert.equal((await pushing).exitCode, 3);
    await page.locator('.facts:has-text("serves")').waitFor({ timeout: 60_000 });
    assert.match((await page.textContent('main')) ?? '', /Not served by 1 host:\s*h3/);
    assert.equal((await web.get('/api/v1/runs/deploy/prod/20010101-0001/hosts')).status, 404);
    // As on a machine that did not deploy: the workspace is not here.
    const { runs } = schemas.runs.parse(await (await web.get('/api/v1/runs?job=deploy')).json());
    for await (const journal of glob('**/journal.jsonl', { cwd: folder.path })) await rm(folder.in(journal));
    await using elsewhere = await serveWeb(folder.path);
    const text = await (await elsewhere.get(`/runs/${runs[0]?.id}`)).text();
    assert.match(text, /Hosts are unknown here: .* on the machine that deployed \(/);
  } finally {
    await writeFile(gate, '');
    signalTree(pushing, 'SIGKILL');
    await pushing;
  }
});

/** Asks until the grid of the newest deployment is so. */
async function whenGrid(
  get: (path: string) => Promise<Response>,
  isSo: (grid: Grid) => boolean,
): Promise<Grid> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(100)) {
    const { runs } = schemas.runs.parse(await (await get('/api/v1/runs?job=deploy')).json());
    const answer = await get(`/api/v1/runs/${runs[0]?.id}/hosts`);
    if (answer.status !== 200) continue;
    const grid = schemas.hosts.parse(await answer.json());
    if (isSo(grid)) return grid;
  }
  return assert.fail('no such grid within a minute');
}
