import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DumpJson, digestOf, ReportFarm } from '../report/farm.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

// Reports that wait: for the load of their day, and for somebody who looks at data that are suddenly much worse.

/** The project that the scope mobile is found by is not public any more: not a task is in the scope. */
const withoutMobile = ({ project }: DumpJson) => {
  project.projects = project.projects.filter(([, name]) => name !== 'Team Mobile');
};

describe('reports that must wait', () => {
  let folder: TemporaryFolder;
  let farm: ReportFarm;
  const told: { readonly kind: string; readonly title: string; readonly text: string }[] = [];
  const operators = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    told.push(JSON.parse(body));
    response.end();
  });
  before(async () => {
    folder = await temporaryFolder('guard');
    operators.listen(0, '127.0.0.1');
    await once(operators, 'listening');
    const { port } = operators.address() as AddressInfo;
    // Never while this test runs: what is due then is of another day than what was due before.
    const schedule = `{ schedule: "0 ${(new Date().getUTCHours() + 12) % 24} * * *" }`;
    farm = await ReportFarm.make(
      folder.in('farm'),
      `jobs:\n  phabricator-load: ${schedule}\n  report: ${schedule}\nalerts: { webhook: { url: http://127.0.0.1:${port}/ } }\n`,
    );
  });
  after(async () => {
    operators.close();
    await folder[Symbol.asyncDispose]();
  });

  const state = async (run: string): Promise<string> =>
    JSON.parse((await farm.rota('run', 'show', run, '--json')).stdout.toString()).state;

  it('wait for the load of their day, and a worker that finds it done makes them', async () => {
    await farm.dumpOf('2026-11-20');
    assert.equal((await farm.rota('schedule', 'catch-up', '--jobs', 'report')).status, 0);
    await farm.rota('worker', '--once');
    const listed = await farm.rota('run', 'list', '--job', 'report', '--json');
    const runs: string[] = listed.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    assert.equal(runs.length, 2);
    for (const run of runs) {
      const load = run.replace(/^report\/\w+\//, 'phabricator-load/phabricator/');
      assert.equal(await state(run), 'waiting');
      const why = await farm.rota('why', run);
      assert.match(why.stdout.toString(), new RegExp(`It needs ${load}, which does not exist yet`));
    }
    assert.equal((await farm.rota('schedule', 'catch-up', '--jobs', 'phabricator-load')).status, 0);
    await farm.rota('worker', '--once');
    for (const run of runs) assert.equal(await state(run), 'done');
    for (const scope of ['web', 'mobile']) assert.equal(await farm.latest(scope), '2026-11-20');
  });

  it('are told of on their pages when the load of the day failed', async () => {
    await farm.dumpOf('2027-01-10', 100);
    assert.equal((await farm.run('--date', '20270111')).status, 1);
    for (const scope of ['web', 'mobile']) {
      assert.equal(await farm.latest(scope), '2026-11-20');
      assert.match(
        await farm.page(scope, 'index.html'),
        /the report of 10 January 2027 could not be made\..* What is shown is of 20 November 2026\./,
      );
    }
  });

  it('are held when a scope loses its tasks by the same rules: the last one stays, and its page says why', async () => {
    await farm.changedDumpOf('2027-01-12', withoutMobile);
    const before = await digestOf(farm.home('mobile'));
    const { status, stdout, stderr } = await farm.run('--date', '20270113');
    assert.equal(status, 1);
    assert.match(
      `${stdout}${stderr}`,
      /report\/mobile\/20270113 held: the data are much worse .*: tasks: 0, in the report of 2026-11-20 \d+ \(100\s% less/,
    );
    assert.equal(await farm.latest('web'), '2027-01-12');
    assert.deepEqual(await digestOf(farm.home('mobile')), before);
    assert.match(await farm.page('mobile', 'index.html'), /12 January 2027 is held back until/);
    const why = await farm.rota('why', 'report/mobile/20270113');
    assert.match(why.stdout.toString(), /It is held for approval \(the data are much worse/);
    // Operators are told once, and how to decide; the page waits with them.
    for (const _sweep of [1, 2]) assert.equal((await farm.rota('monitor', '--once')).status, 0);
    const alerts = told.filter(({ kind }) => kind === 'held');
    assert.deepEqual(
      alerts.map(({ title }) => title),
      ['report/mobile/20270113 waits for approval'],
    );
    assert.match(
      alerts[0]?.text ?? '',
      /the data are much worse[\s\S]*rota run approve report\/mobile\/20270113/,
    );
    assert.match(await farm.page('mobile', 'index.html'), /12 January 2027 is held back until/);
  });

  it('are gone on with when they are approved, and the next is compared with what was approved', async () => {
    assert.equal((await farm.rota('run', 'approve', 'report/mobile/20270113')).status, 0);
    await farm.rota('worker', '--once');
    assert.equal(await state('report/mobile/20270113'), 'done-with-errors', 'its rule finds no project');
    assert.equal(await farm.latest('mobile'), '2027-01-12');
    assert.doesNotMatch(await farm.page('mobile', 'index.html'), /held back/);
    await farm.changedDumpOf('2027-01-13', withoutMobile);
    assert.notEqual((await farm.run('--date', '20270114')).status, 1);
    assert.equal(await farm.latest('mobile'), '2027-01-13');
  });

  it('are not published when they are rejected', async () => {
    await farm.changedDumpOf('2027-01-14', ({ project }) => {
      project.projects = project.projects.filter(([id]) => id !== 100);
    });
    assert.equal((await farm.run('--date', '20270115', '-s', 'web')).status, 1);
    assert.equal((await farm.rota('run', 'reject', 'report/web/20270115')).status, 0);
    await farm.rota('worker', '--once');
    assert.equal(await state('report/web/20270115'), 'failed');
    assert.equal(await farm.latest('web'), '2027-01-13');
    await assert.rejects(digestOf(join(farm.home('web'), '2027-01-14')), { code: 'ENOENT' });
    // Who decides need not have the tree: the pages follow at the next sweep.
    assert.equal((await farm.rota('monitor', '--once')).status, 0);
    for (const page of [await farm.page('web', 'index.html'), await farm.page('index.html')]) {
      assert.match(page, /the report of 14 January 2027 was looked at, and is not published\./);
      assert.doesNotMatch(page, /held back/);
    }
  });
});
