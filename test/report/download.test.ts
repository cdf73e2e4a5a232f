import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { downloadDump } from '../../src/jobs/report/phabricator/download/download-dump.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

// A dump on a web server that breaks off, changes under the reader's hands, or lies about what it sends.

describe('a dump that is fetched from a web server', () => {
  let folder: TemporaryFolder;
  let server: Server;
  let url: string;
  /** What the server has, and how it goes wrong. */
  let dump: Buffer;
  let etag: string | null;
  let cutAfter: number | null;
  let cutAt: { readonly bytes: number; readonly cut: () => void } | null;
  let onGet: (() => void) | null;
  let answer: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  let requests: { method: string; range: string | null; ifRange: string | null }[];
  const modified = 'Sun, 22 Nov 2026 02:00:00 GMT';

  before(async () => {
    folder = await temporaryFolder('download');
    server = createServer((request, response) => {
      const { method = '', headers } = request;
      const [range, ifRange] = [headers.range ?? null, headers['if-range'] ?? null];
      requests.push({ method, range, ifRange: typeof ifRange === 'string' ? ifRange : null });
      if (answer?.(request, response)) return;
      if (method === 'GET') onGet?.();
      response.setHeader('last-modified', modified);
      if (etag !== null) response.setHeader('etag', etag);
      const isSame = ifRange === null || ifRange === (etag ?? modified);
      const from = isSame ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0;
      if (from >= dump.length && from > 0) {
        response.writeHead(416, { 'content-range': `bytes */${dump.length}` }).end();
        return;
      }
      const body = dump.subarray(from);
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': body.length,
        ...(from > 0 ? { 'content-range': `bytes ${from}-${dump.length - 1}/${dump.length}` } : {}),
      });
      if (method === 'HEAD') response.end();
      else if (cutAfter === null) response.end(body);
      else {
        response.write(body.subarray(0, cutAfter));
        // Only when the reader has it all: what is still on its way would be lost with the connection.
        cutAt = { bytes: from + cutAfter, cut: () => response.destroy() };
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/phabricator_public.dump`;
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await folder[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    dump = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
    etag = '"one"';
    [cutAfter, cutAt, onGet, answer, requests] = [null, null, null, null, []];
    await rm(folder.in('dump'), { force: true });
    await rm(folder.in('dump.mark'), { force: true });
  });

  const fetchIt = (known: string | null = null) =>
    downloadDump({
      url,
      file: folder.in('dump'),
      known,
      signal: new AbortController().signal,
      progress: (done) => {
        if (cutAt !== null && done >= cutAt.bytes) cutAt.cut();
      },
    });
  const unreachable = (pattern: RegExp) => (error: unknown) =>
    isRotaError(error, 'TRACKER_UNREACHABLE') && pattern.test(error.message);
  const ranges = () => requests.filter(({ method }) => method === 'GET').map(({ range }) => range);

  for (const { name, mark } of [
    { name: 'an ETag', mark: '"one"' },
    { name: 'a date alone', mark: null },
  ]) {
    it(`goes on where it broke off, by ${name}`, async () => {
      etag = mark;
      cutAfter = 100_000;
      await assert.rejects(
        fetchIt(),
        unreachable(/broke off after 100000 bytes; the next try goes on there/),
      );
      await assert.rejects(fetchIt(), unreachable(/broke off after 200000 bytes/));
      cutAfter = null;
      const found = await fetchIt();
      assert.deepEqual(found, { bytes: 300_000, mark: mark ?? modified, modifiedAt: new Date(modified) });
      assert.deepEqual(await readFile(folder.in('dump')), dump);
      assert.deepEqual(ranges(), [null, 'bytes=100000-', 'bytes=200000-']);
      assert.equal(requests.at(-1)?.ifRange, mark ?? modified);
    });
  }

  it('begins anew when the dump changed in between, and mixes nothing', async () => {
    cutAfter = 100_000;
    await assert.rejects(fetchIt(), unreachable(/broke off/));
    [cutAfter, etag, dump] = [null, '"two"', Buffer.alloc(250_000, 1)];
    assert.equal((await fetchIt())?.mark, '"two"');
    assert.deepEqual(await readFile(folder.in('dump')), dump);
    assert.deepEqual(ranges(), [null, null]);
  });

  it('knows what it got when the dump changes between announcement and delivery', async () => {
    onGet = () => {
      [etag, dump] = ['"two"', Buffer.alloc(280_000, 2)];
    };
    assert.deepEqual(await fetchIt(), { bytes: 280_000, mark: '"two"', modifiedAt: new Date(modified) });
    assert.deepEqual(await readFile(folder.in('dump')), dump);
  });

  it('does not fetch what was loaded already, nor what is here already', async () => {
    assert.equal(await fetchIt('"one"'), null);
    assert.deepEqual(ranges(), []);
    await fetchIt();
    assert.equal((await fetchIt())?.bytes, 300_000);
    assert.deepEqual(ranges(), [null]);
  });

  it('throws away a file that is longer than the dump', async () => {
    await writeFile(folder.in('dump'), Buffer.alloc(400_000));
    await writeFile(folder.in('dump.mark'), '"one"');
    assert.equal((await fetchIt())?.bytes, 300_000);
    assert.deepEqual(await readFile(folder.in('dump')), dump);
  });

  it('fetches the whole dump from a server that knows no ranges', async () => {
    cutAfter = 100_000;
    await assert.rejects(fetchIt(), unreachable(/broke off/));
    cutAfter = null;
    answer = ({ method }, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': dump.length });
      response.end(method === 'HEAD' ? undefined : dump);
      return true;
    };
    await fetchIt();
    assert.deepEqual(await readFile(folder.in('dump')), dump);
  });

  it('takes no part of the dump for another', async () => {
    cutAfter = 100_000;
    await assert.rejects(fetchIt(), unreachable(/broke off/));
    cutAfter = null;
    answer = ({ method }, response) => {
      if (method === 'HEAD') return false;
      const rest = dump.subarray(50_000);
      response.writeHead(206, {
        etag: '"one"',
        'content-length': rest.length,
        'content-range': `bytes 50000-299999/300000`,
      });
      response.end(rest);
      return true;
    };
    await assert.rejects(
      fetchIt(),
      unreachable(/it sent bytes 50000-299999\/300000 when asked for what follows 100000/),
    );
  });

  it('says what the server answered', async () => {
    answer = (_, response) => {
      response.writeHead(503, 'Down for a moment').end();
      return true;
    };
    await assert.rejects(fetchIt(), unreachable(/does not give the dump: it answered 503 Down for a moment/));
  });
});
