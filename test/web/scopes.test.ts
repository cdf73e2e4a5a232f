// A scope's rules edited over the web: tried before they are saved, saved only by who may and only over what was read,
// in one act; what git brings is not written but made a patch of.
import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import type { Browser } from 'playwright-core';
import * as schemas from '../../src/web/api/schemas.ts';
import { examine, startBrowser } from '../report/browser.ts';
import { ReportFarm } from '../report/farm.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { type RunningWeb, serveWeb } from './web-farm.ts';

const scope = `title: Teams
rules:
  - { rule: ProjectByName, title: Mobile, match: Team Mobile }
`;
const wider = `${scope}  - { rule: ProjectByID, title: Web, project: 100 }\n`;

describe('the rules of a scope', () => {
  let folder: TemporaryFolder;
  let farm: ReportFarm;
  let web: RunningWeb;
  let operator: Record<string, string>;

  before(async () => {
    folder = await temporaryFolder('web-scopes');
    farm = await ReportFarm.make(folder.in('farm'), 'scopeFiles: { folder: ./scopes }\n');
    await mkdir(farm.in('scopes'));
    await writeFile(farm.in('scopes', 'teams.yaml'), scope, { mode: 0o640 });
    await farm.dumpOf('2026-11-20');
    const loaded = await farm.rota('report', 'load', '--date', '20261121');
    assert.equal(loaded.status, 0, loaded.stderr);
    web = await serveWeb(farm.folder);
    operator = await bearer('olga', 'operate');
  });
  after(async () => {
    await web[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const token = async (name: string, role: string) => {
    const made = await farm.rota('token', 'add', name, '--role', role);
    assert.equal(made.status, 0, made.stderr);
    return made.stdout.toString().trim();
  };
  const bearer = async (name: string, role: string) => ({
    authorization: `Bearer ${await token(name, role)}`,
  });
  const stored = () => readFile(farm.in('scopes', 'teams.yaml'), 'utf8');
  const reset = () => writeFile(farm.in('scopes', 'teams.yaml'), scope);
  const source = async () => schemas.scope.parse(await (await web.get('/api/v1/scopes/teams')).json());
  const audit = async () =>
    (await readFile(farm.in('work', 'web', 'audit.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as { readonly by: string; readonly action: string; readonly outcome: string },
      );

  it('are tried: what each gains and loses, the whole report, and a patch that git takes', async () => {
    const tried = await web.post('/api/v1/scopes/teams/preview', { text: wider }, operator);
    const preview = schemas.scopePreview.parse(await tried.json());
    assert.ok(preview.gained > 0);
    assert.deepEqual([preview.lost, preview.moved, preview.problems], [0, 0, []]);
    assert.deepEqual(
      preview.rules.map(({ title, gained, lost, isGone }) => [title, gained > 0, lost, isGone]),
      [
        ['Mobile', false, 0, false],
        ['Web', true, 0, false],
      ],
    );
    const report = await web.get(preview.report);
    assert.equal(report.status, 200);
    assert.match(await report.text(), /<svg/);
    // Nobody gets out of its folder, and nothing is served that was not made.
    for (const path of ['../teams.yaml', '..%2Fteams.yaml', '%2e%2e/teams.yaml', 'none', '%zz', '%ff']) {
      assert.equal((await web.get(`${preview.report}${path}`)).status, 404);
    }
    assert.equal((await web.get('/previews/0123456789abcdef/')).status, 404);
    assert.equal(await stored(), scope, 'a preview writes nothing');

    const patch = await web.post('/api/v1/scopes/teams/patch', { text: wider }, operator);
    assert.match(patch.headers.get('content-disposition') ?? '', /teams\.patch/);
    await writeFile(folder.in('teams.patch'), await patch.text());
    await mkdir(folder.in('elsewhere', 'scopes'), { recursive: true });
    await writeFile(folder.in('elsewhere', 'scopes', 'teams.yaml'), scope);
    await execa('git', ['apply', folder.in('teams.patch')], { cwd: folder.in('elsewhere') });
    assert.equal(await readFile(folder.in('elsewhere', 'scopes', 'teams.yaml'), 'utf8'), wider);
  });

  it('are saved whole, over what was read and nothing else, and one of two at once', async () => {
    await reset();
    const { digest } = await source();
    const both = [wider, wider.replace('Web', 'Site')];
    const answers = await Promise.all(
      both.map((text) => web.post('/api/v1/scopes/teams/save', { text, base: digest }, operator)),
    );
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
    assert.ok(both.includes(await stored()));
    assert.equal((await stat(farm.in('scopes', 'teams.yaml'))).mode & 0o777, 0o640);
    const late = await web.post('/api/v1/scopes/teams/save', { text: scope, base: digest }, operator);
    assert.equal(late.status, 409);
    assert.equal(((await late.json()) as { error: string }).error, 'SCOPE_CHANGED');
    assert.ok(both.includes(await stored()));
  });

  it('are refused where they are wrong, with each line, and from whom may not', async () => {
    await reset();
    const { digest } = await source();
    const wrong = `${scope}  - { rule: ProjectByIDs, title: Web, project: 100 }\n`;
    for (const action of ['save', 'preview']) {
      const answer = await web.post(
        `/api/v1/scopes/teams/${action}`,
        { text: wrong, base: digest },
        operator,
      );
      assert.equal(answer.status, 422);
      const { error, message } = (await answer.json()) as { error: string; message: string };
      assert.equal(error, 'SCOPE_INVALID');
      assert.match(message, /:4:\d+: .*ProjectByIDs/);
      assert.doesNotMatch(message, /previews/, 'no path of this machine');
    }
    const form = { text: wider, base: digest };
    assert.equal((await web.post('/api/v1/scopes/teams/save', form)).status, 401);
    const viewer = await bearer('vera', 'view');
    for (const action of ['save', 'preview', 'patch']) {
      assert.equal((await web.post(`/api/v1/scopes/teams/${action}`, form, viewer)).status, 403);
    }
    // One that stands in rota.yaml itself, and one that is not there.
    for (const name of ['mobile', 'nobody', '..%2Frota']) {
      assert.equal((await web.get(`/api/v1/scopes/${name}`)).status, 404);
      assert.ok([404, 409].includes((await web.post(`/api/v1/scopes/${name}/save`, form, operator)).status));
    }
    const large = await web.post(
      '/api/v1/scopes/teams/save',
      { ...form, text: 'x'.repeat(600_000) },
      operator,
    );
    assert.equal(large.status, 413);
    assert.equal(await stored(), scope);
    const told = await audit();
    for (const [by, outcome] of [
      ['olga', 'done'],
      ['olga', 'SCOPE_INVALID'],
      ['olga', 'SCOPE_CHANGED'],
      ['vera', 'ROLE'],
      [null, 'SIGN_IN'],
    ]) {
      assert.ok(
        told.some((entry) => entry.by === by && entry.outcome === outcome && entry.action === 'scope save'),
      );
    }
  });

  it('that git brings are not written here', async () => {
    await reset();
    const yaml = await readFile(farm.in('rota.yaml'), 'utf8');
    await writeFile(farm.in('rota.yaml'), yaml.replace('./scopes }', './scopes, pull: true }'));
    try {
      await using following = await serveWeb(farm.folder);
      const answer = schemas.scope.parse(await (await following.get('/api/v1/scopes/teams')).json());
      assert.match(answer.readOnly ?? '', /git/);
      const form = { text: wider, base: answer.digest };
      const saved = await following.post('/api/v1/scopes/teams/save', form, operator);
      assert.equal(((await saved.json()) as { error: string }).error, 'SCOPE_NOT_EDITABLE');
      assert.equal((await following.post('/api/v1/scopes/teams/patch', form, operator)).status, 200);
      assert.equal(await stored(), scope);
    } finally {
      await writeFile(farm.in('rota.yaml'), yaml);
    }
  });

  it('are edited in a browser, and no other site can', { skip: requires('chromium') }, async () => {
    await reset();
    await using browser: Browser & AsyncDisposable = await startBrowser();
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${web.address}/reports`);
    assert.equal(await page.locator('a[href="/scopes/mobile"]').count(), 0);
    await page.click('a[href="/scopes/teams"]');
    assert.equal(await page.locator('textarea').isEditable(), false);
    await page.goto(`${web.address}/sign-in?to=/scopes/teams`);
    await page.fill('input[name=token]', await token('erin', 'operate'));
    await page.keyboard.press('Enter');
    await page.waitForURL('**/scopes/teams');
    assert.equal(await page.inputValue('textarea'), scope);
    await page.fill('textarea', wider);
    await page.click('button[value=preview]');
    await page.locator('h2:has-text("What these rules catch")').waitFor({ timeout: 60_000 });
    assert.match((await page.textContent('main')) ?? '', /Web.*ProjectByID.*\+\d+/s);
    assert.match((await page.locator('pre').textContent()) ?? '', /^\+ {2}- \{ rule: ProjectByID/m);
    assert.deepEqual(await examine(page), []);
    // Somebody else is faster: nothing is lost, and saving again is a decision.
    await writeFile(farm.in('scopes', 'teams.yaml'), `# mine\n${scope}`);
    await page.click('button[value=save]');
    await page.locator('.said:has-text("SCOPE_CHANGED")').waitFor();
    assert.equal(await page.inputValue('textarea'), wider);
    assert.match((await page.locator('pre').textContent()) ?? '', /^-# mine$/m);
    await page.click('button[value=save]');
    await page.locator('.said:has-text("Saved")').waitFor();
    assert.equal(await stored(), wider);

    // The cookie goes along, but what only our own page knows is missing.
    const cookies = await page.context().cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const { digest } = await source();
    for (const path of ['/scopes/teams', '/api/v1/scopes/teams/save']) {
      const forged = await web.post(path, { do: 'save', text: scope, base: digest }, { cookie });
      assert.equal(forged.status, 403);
    }
    assert.equal(await stored(), wider);
    assert.deepEqual(faults, []);
    await page.close();
    assert.ok((await audit()).some(({ by, outcome }) => by === 'erin' && outcome === 'FORM_UNKNOWN'));
  });
});
