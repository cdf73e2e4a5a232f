// The API as a program uses it: answers as described, actions by token, all of them in the audit log.
import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import * as schemas from '../../src/web/api/schemas.ts';
import {
  date,
  makeWebFarm,
  privateWiki,
  publicWiki,
  type RunningWeb,
  serveWeb,
  type WebFarm,
} from './web-farm.ts';

describe('the API', () => {
  let farm: WebFarm;
  let web: RunningWeb;
  const run = `full-dump/${publicWiki}/${date}`;

  before(async () => {
    farm = await makeWebFarm();
    web = await serveWeb(farm.folder.path);
  });
  after(async () => {
    await web[Symbol.asyncDispose]();
    await farm[Symbol.asyncDispose]();
  });

  it('answers as its description says', async () => {
    const json = async (path: string) => (await web.get(path)).json();
    const status = schemas.status.parse(await json('/api/v1/status'));
    assert.deepEqual(
      status.subjects.filter(({ job }) => job === 'full-dump').map(({ subject, state }) => [subject, state]),
      [
        [publicWiki, 'done'],
        [privateWiki, 'done'],
      ],
    );
    const runs = schemas.runs.parse(await json('/api/v1/runs?state=done'));
    assert.equal(runs.runs.length, 2);
    const portion = schemas.runs.parse(await json('/api/v1/runs?limit=1'));
    assert.equal(portion.next, portion.runs[0]?.id);
    const rest = schemas.runs.parse(await json(`/api/v1/runs?limit=1&after=${portion.next}`));
    assert.notEqual(rest.runs[0]?.id, portion.runs[0]?.id);
    const details = schemas.runDetails.parse(await json(`/api/v1/runs/${run}`));
    assert.ok(details.run.stages.length > 5);
    assert.ok(schemas.log.parse(await json(`/api/v1/runs/${run}/log?lines=3`)).lines.length <= 3);
    schemas.schedule.parse(await json('/api/v1/schedule'));
    const description = (await json('/api/v1/openapi.json')) as {
      readonly paths: Readonly<Record<string, object>>;
    };
    assert.ok(Object.keys(description.paths).includes('/api/v1/runs/{job}/{subject}/{date}/approve'));
  });

  it('says what is not understood, and what is not there', async () => {
    for (const [path, status] of [
      ['/api/v1/runs?state=happy', 400],
      ['/api/v1/runs?limit=1000000', 400],
      ['/api/v1/runs?after=..%2F..', 400],
      ['/api/v1/runs/full-dump/openwiki/19990101', 404],
      ['/api/v1/runs/..%2f/x/y', 404],
      ['/api/v1/nothing', 404],
    ] as const) {
      const answer = await web.get(path);
      assert.equal(answer.status, status, path);
      schemas.refusal.parse(await answer.json());
    }
  });

  it('acts for a token whose role permits it, and writes down what was asked', async () => {
    const [viewer, operator, approver] = [
      await farm.token('vera', 'view'),
      await farm.token('otto', 'operate'),
      await farm.token('anna', 'approve'),
    ];
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
    assert.equal((await web.post(`/api/v1/runs/${run}/retry`, {})).status, 401);
    assert.equal((await web.post(`/api/v1/runs/${run}/retry`, {}, bearer(viewer))).status, 403);
    assert.equal((await web.post(`/api/v1/runs/${run}/approve`, {}, bearer(operator))).status, 403);
    const done = await web.post(`/api/v1/runs/${run}/retry`, {}, bearer(operator));
    assert.equal(done.status, 409);
    assert.equal(schemas.refusal.parse(await done.json()).error, 'RUN_STATE');

    // A run that is held: planned, held by its operator, then let go by who may.
    const later = `full-dump/${publicWiki}/20260201`;
    const held = await farm.rota('dump', publicWiki, '--date', '20260201', '--only', 'spool');
    assert.ok([0, 3].includes(held.status), held.stderr);
    const hold = await web.post(`/api/v1/runs/${later}/hold`, { reason: 'look first' }, bearer(operator));
    assert.equal(hold.status, 200, await hold.clone().text());
    assert.equal(schemas.changed.parse(await hold.json()).state, 'held');
    const approve = await web.post(`/api/v1/runs/${later}/approve`, {}, bearer(approver));
    assert.equal(approve.status, 200, await approve.clone().text());
    const cancel = await web.post(`/api/v1/runs/${later}/cancel`, {}, bearer(operator));
    assert.equal(schemas.changed.parse(await cancel.json()).state, 'cancelled');
    const history = JSON.stringify(await (await web.get(`/api/v1/runs/${later}`)).json());
    assert.match(history, /otto \(web\)/);

    const file = farm.folder.in('private-work', 'web', 'audit.jsonl');
    const path = await stat(file).then(
      () => file,
      () => farm.folder.in('work', 'web', 'audit.jsonl'),
    );
    const audit = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      audit.map(({ by, action, outcome }) => [by, action, outcome]),
      [
        [null, 'retry', 'SIGN_IN'],
        ['vera', 'retry', 'ROLE'],
        ['otto', 'approve', 'ROLE'],
        ['otto', 'retry', 'RUN_STATE'],
        ['otto', 'hold', 'done'],
        ['anna', 'approve', 'done'],
        ['otto', 'cancel', 'done'],
      ],
    );
    assert.equal((await stat(path)).mode & 0o077, 0);
  });

  it('knows a token no more once it is taken away', async () => {
    const token = await farm.token('temp', 'operate');
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await web.get('/api/v1/status', headers)).status, 200);
    assert.equal((await farm.rota('token', 'revoke', 'temp')).status, 0);
    assert.equal((await web.get('/api/v1/status', headers)).status, 401);
    assert.equal((await farm.rota('token', 'revoke', 'temp')).status, 2);
  });

  it('tells changes as they happen', async () => {
    const answer = await web.get('/api/v1/events');
    assert.equal(answer.headers.get('content-type'), 'text/event-stream');
    assert.ok(answer.body);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader.read()).value ?? '', /^event: opened/);
    await farm.rota('pause', publicWiki);
    let heard = '';
    while (!heard.includes('event: changed')) heard += (await reader.read()).value ?? '';
    await reader.cancel();
    await farm.rota('resume', publicWiki);
  });

  it('has figures for Prometheus and a feed of finished runs', async () => {
    const metrics = await (await web.get('/metrics')).text();
    assert.match(metrics, /^rota_subjects\{job="full-dump",state="done"\} [12]$/m);
    for (const line of metrics.trim().split('\n'))
      assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [\d.e+-]+)$/);
    const feed = await (await web.get('/feed.atom')).text();
    assert.match(feed, new RegExp(`<title>full-dump/${publicWiki}/${date}: done</title>`));
    assert.match(feed, /<title>Farm &lt;b&gt;&amp; &quot;sons&quot;<\/title>/);
  });
});
