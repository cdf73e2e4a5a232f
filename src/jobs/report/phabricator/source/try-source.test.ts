import assert from 'node:assert/strict';
import { once } from 'node:events';
import { utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TrackerSourceConfig } from '../../../../config/phabricator-config.ts';
import { FarmFolder } from '../../../../config/testing/farm-folder.ts';
import { systemClock } from '../../../../core/clock.ts';
import { isRotaError } from '../../../../core/errors/rota-error.ts';
import { silentLog } from '../../../../core/log.ts';
import { Secret } from '../../../../core/secret.ts';
import { trySource } from './try-source.ts';

const tools = { clock: systemClock, log: silentLog, signal: new AbortController().signal };

async function withServer(answer: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const conduit = (url: string): TrackerSourceConfig => ({
  kind: 'conduit',
  url,
  token: new Secret('api-horse'),
  requestsPerSecond: 1,
  isSearched: false,
  isAll: false,
});

const refuses = (config: TrackerSourceConfig, code: 'TRACKER_REFUSED' | 'TRACKER_UNREACHABLE', why: RegExp) =>
  assert.rejects(
    trySource(config, tools),
    (error) => isRotaError(error, code) && why.test(error.message) && !error.message.includes('horse'),
  );

test('a dump tells its time; one that is empty or missing cannot be read', async () => {
  using farm = new FarmFolder();
  const file = join(farm.path, 'tracker.dump');
  await refuses({ kind: 'dump-file', file }, 'TRACKER_UNREACHABLE', /ENOENT/);
  await writeFile(file, '');
  await refuses({ kind: 'dump-file', file }, 'TRACKER_UNREACHABLE', /it is empty/);
  await writeFile(file, '{');
  await utimes(file, 1_700_000_000, 1_700_000_000);
  assert.match(await trySource({ kind: 'dump-file', file }, tools), /of 2023-11-14T22:13:20\.000Z$/);
});

test('of a dump on a server only the head is asked for', async () => {
  const asked: (string | undefined)[] = [];
  await withServer(
    (request, response) => {
      asked.push(request.method);
      if (request.url === '/gone') response.statusCode = 404;
      response.setHeader('last-modified', 'Tue, 14 Nov 2023 22:13:20 GMT').end();
    },
    async (url) => {
      const said = await trySource({ kind: 'dump-url', url: `${url}/tracker.dump` }, tools);
      assert.match(said, /on 127\.0\.0\.1:\d+, of 2023-11-14T22:13:20\.000Z$/);
      await refuses({ kind: 'dump-url', url: `${url}/gone` }, 'TRACKER_UNREACHABLE', /it answered 404/);
    },
  );
  assert.deepEqual(asked, ['HEAD', 'HEAD']);
});

test('the API is asked once who the token is', async () => {
  const asked: (string | undefined)[] = [];
  let answer: unknown = { result: { userName: 'reporter' }, error_code: null };
  await withServer(
    (request, response) => {
      asked.push(request.url);
      response.end(JSON.stringify(answer));
    },
    async (url) => {
      assert.match(await trySource(conduit(url), tools), /^answers on 127\.0\.0\.1:\d+ as reporter$/);
      answer = { result: null, error_code: 'ERR-INVALID-AUTH', error_info: 'no such token' };
      await refuses(conduit(url), 'TRACKER_REFUSED', /no such token/);
    },
  );
  assert.deepEqual(asked, ['/api/user.whoami', '/api/user.whoami']);
  await refuses(conduit('http://127.0.0.1:1'), 'TRACKER_UNREACHABLE', /did not answer user\.whoami: /);
});
