// What a stranger may try on either face.
import assert from 'node:assert/strict';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import {
  date,
  makeWebFarm,
  privateWiki,
  publicWiki,
  type RunningWeb,
  serveWeb,
  type WebFarm,
} from './web-farm.ts';

/** Sends bytes as they are and gives all that comes back. */
async function raw(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const parts: Buffer[] = [];
  socket.on('data', (part) => parts.push(part));
  socket.write(request);
  await new Promise<void>((resolve) => void socket.on('close', () => resolve()));
  return Buffer.concat(parts).toString('latin1');
}

describe('strangers', () => {
  let farm: WebFarm;
  let inside: RunningWeb;
  let outside: RunningWeb;

  before(async () => {
    farm = await makeWebFarm();
    inside = await serveWeb(farm.folder.path);
    outside = await serveWeb(farm.folder.path, '--public');
    const root = farm.folder.in('public');
    await writeFile(farm.folder.in('treasure'), 'treasure');
    await symlink(farm.folder.in('treasure'), `${root}/leads-out`);
    await symlink(farm.folder.path, `${root}/leads-up`);
    await symlink('leads-around', `${root}/leads-around`);
    await writeFile(`${root}/.hidden`, 'treasure');
    await mkdir(`${root}/folder<img src=x onerror=alert(1)>`);
    await writeFile(`${root}/folder<img src=x onerror=alert(1)>/a'"<b>.txt`, 'text');
  });
  after(async () => {
    await inside[Symbol.asyncDispose]();
    await outside[Symbol.asyncDispose]();
    await farm[Symbol.asyncDispose]();
  });

  it('find nothing outside of the trees, by no path and no link', async () => {
    const paths = [
      '/../treasure',
      '/..%2ftreasure',
      '/%2e%2e/treasure',
      '/%2e%2e%2ftreasure',
      '/openwiki/..%5c..%5ctreasure',
      '/leads-out',
      '/leads-up/treasure',
      '/leads-up/rota.yaml',
      '/leads-around',
      '/.hidden',
      '/%00/treasure',
      '/openwiki/%',
      '//etc/passwd',
      `/${'a/'.repeat(2000)}`,
      `/${'a'.repeat(5000)}`,
    ];
    for (const [web, mount] of [
      [outside, ''],
      [inside, '/files/public'],
      [inside, '/files/private'],
    ] as const) {
      for (const path of paths) {
        const answer = await raw(
          web.port,
          `GET ${mount}${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
        );
        assert.match(answer, /^HTTP\/1\.1 (4\d\d|301)/, `${mount}${path}: ${answer.slice(0, 80)}`);
        assert.doesNotMatch(answer, /\r\n\r\n[\s\S]*treasure$|root:|output:/, path);
      }
    }
  });

  it('learn nothing of a private wiki on the public face', async () => {
    const [file = ''] = (await readdir(farm.folder.in('private', privateWiki, date))).filter((name) =>
      name.endsWith('.gz'),
    );
    assert.notEqual(file, '');
    for (const path of [
      `/${privateWiki}/`,
      `/${privateWiki}/${date}/${file}`,
      `/files/private/${privateWiki}/${date}/${file}`,
      `/subjects/${privateWiki}`,
      `/runs/full-dump/${privateWiki}/${date}`,
      `/api/v1/runs/full-dump/${privateWiki}/${date}`,
      '/api/v1/runs',
      '/metrics',
      '/feed.atom',
      '/sign-in',
    ]) {
      const answer = await outside.get(path);
      assert.equal(answer.status, 404, path);
    }
    for (const path of [
      '/',
      '/status',
      '/api/v1/status',
      '/index.json',
      '/backup-index.html',
      '/api/v1/openapi.json',
    ]) {
      const answer = await outside.get(path);
      assert.equal(answer.status, 200, path);
      const text = await answer.text();
      assert.ok(!text.includes(privateWiki), path);
      assert.ok(!text.includes(farm.folder.path), path);
    }
    assert.match(await (await outside.get('/api/v1/status')).text(), new RegExp(publicWiki));
  });

  it('cannot act, nor have a browser act for somebody who is signed in', async () => {
    const token = await farm.token('otto', 'operate');
    const signedIn = await inside.post('/sign-in', { token, to: '/runs' });
    assert.equal(signedIn.status, 303);
    assert.equal(signedIn.headers.get('location'), '/runs');
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Strict/);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    const path = `/api/v1/runs/full-dump/${publicWiki}/${date}/pause`;
    assert.equal((await inside.post(path, {}, headers)).status, 403);
    assert.equal((await inside.post(path, { formKey: 'guess' }, headers)).status, 403);
    assert.equal((await outside.post(path, {})).status, 404);
    const rebound = await raw(
      inside.port,
      'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    );
    assert.match(rebound, /^HTTP\/1\.1 421/);
    // The page of the run, which the browser shows, holds the key.
    const page = await (await inside.get(`/runs/full-dump/${publicWiki}/${date}`, headers)).text();
    assert.match(page, /name="formKey" value="[\w-]{43}"/);
  });

  it('are led nowhere else after signing in', async () => {
    for (const to of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/a\r\nSet-Cookie: x=y',
      'javascript:alert(1)',
    ]) {
      const page = await (await inside.get(`/sign-in?to=${encodeURIComponent(to)}`)).text();
      assert.match(page, /name="to" value="\/"/);
    }
  });

  it('put no HTML, header or line of a log into anything', async () => {
    const evil = `<script>alert(1)</script>"'\r\nX-Evil: yes`;
    for (const path of [
      `/runs?job=${encodeURIComponent(evil)}`,
      `/runs?subject=${encodeURIComponent(evil)}`,
      `/subjects/${encodeURIComponent(evil)}`,
      `/runs/full-dump/${publicWiki}/${date}?said=${encodeURIComponent(evil)}`,
      `/${encodeURIComponent(evil)}`,
      `/files/public/${encodeURIComponent('folder<img src=x onerror=alert(1)>')}/`,
    ]) {
      const answer = await inside.get(path);
      assert.equal(answer.headers.get('x-evil'), null);
      const text = await answer.text();
      assert.ok(!text.includes('<script>alert') && !text.includes('<img') && !text.includes('a\'"<b>'), path);
      assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    }
    // The farm's own name has markup in it.
    assert.match(await (await inside.get('/')).text(), /<h1>Farm &lt;b&gt;&amp; &quot;sons&quot;<\/h1>/);
  });

  it('get files in a sandbox of their own', async () => {
    const answer = await inside.get(`/files/public/${publicWiki}/${date}/`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-security-policy') ?? '', /^sandbox allow-scripts/);
  });

  it('guess tokens five times a minute, not more', async () => {
    for (let i = 0; i < 5; i++) {
      assert.equal((await inside.post('/sign-in', { token: `rota_guess${i}` })).status, 403);
    }
    const stopped = await inside.post('/sign-in', { token: 'rota_guess6' });
    assert.equal(stopped.status, 429);
    assert.ok(Number(stopped.headers.get('retry-after')) > 0);
    assert.equal((await inside.get('/api/v1/status', { authorization: 'Bearer rota_guess7' })).status, 429);
    assert.equal((await inside.get('/api/v1/status')).status, 200);
  });

  it('send no more than a form, and no header without end', async () => {
    const big = await inside.post('/sign-in', { token: 'x'.repeat(20_000) });
    assert.equal(big.status, 413);
    const header = await raw(
      inside.port,
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
    );
    assert.match(header, /^HTTP\/1\.1 431/);
  });

  it('are not waited for when they send byte by byte', async () => {
    const started = performance.now();
    const answer = await raw(inside.port, 'GET / HTTP/1.1\r\nHost: localhost\r\n');
    assert.match(answer, /^HTTP\/1\.1 408/);
    assert.ok(performance.now() - started < 60_000);
  });

  it('beyond this machine need a token for everything', async () => {
    const refused = await farm.rota('token', 'list', '--json');
    for (const line of refused.stdout.toString().trim().split('\n')) {
      const { name } = JSON.parse(line) as { readonly name: string };
      assert.equal((await farm.rota('token', 'revoke', name)).status, 0);
    }
    const open = await farm.rota('serve', '--listen', '0.0.0.0:0');
    assert.equal(open.status, 2);
    assert.match(open.stderr, /WEB_OPEN_TO_ALL/);
    const token = await farm.token('vera', 'view');
    await using guarded = await serveWeb(farm.folder.path, '--listen', '0.0.0.0:0');
    const at = (path: string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(`http://127.0.0.1:${guarded.port}${path}`, { headers, redirect: 'manual' });
    assert.equal((await at('/')).status, 303);
    assert.equal((await at('/api/v1/status')).status, 401);
    assert.equal((await at(`/files/private/${privateWiki}/`)).status, 303);
    assert.equal((await at('/healthz')).status, 200);
    assert.equal((await at('/api/v1/status', { authorization: `Bearer ${token}` })).status, 200);
  });
});
