// A file of a gigabyte, as mirrors fetch it: broken off, gone on with, and replaced meanwhile.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { makeWebFarm, publicWiki, type RunningWeb, serveWeb, type WebFarm } from '../web/web-farm.ts';

const sizeBytes = 1_000_000_000;

describe('a download', () => {
  let farm: WebFarm;
  let web: RunningWeb;
  let file: string;
  const path = `/${publicWiki}/big.xml.bz2`;

  before(async () => {
    farm = await makeWebFarm();
    file = farm.folder.in('public', publicWiki, 'big.xml.bz2');
    await makeBigFile(file, 1);
    web = await serveWeb(farm.folder.path, '--public');
  });
  after(async () => {
    await web[Symbol.asyncDispose]();
    await farm[Symbol.asyncDispose]();
  });

  it('goes on where it broke off, to the right checksum', async () => {
    const hash = createHash('sha256');
    let have = 0;
    let tag = '';
    let breaks = 0;
    while (have < sizeBytes) {
      const range: Record<string, string> = have === 0 ? {} : { range: `bytes=${have}-`, 'if-range': tag };
      // The client goes away after a while, as on a bad line; the last time it stays.
      const breakAfter = breaks < 4 ? 150_000_000 : Number.POSITIVE_INFINITY;
      const got = await fetchSome(`${web.address}${path}`, range, breakAfter, (part) => {
        hash.update(part);
        have += part.length;
      });
      assert.equal(got.status, breaks === 0 ? 200 : 206);
      assert.equal(got.headers['content-type'], 'application/x-bzip2');
      assert.equal(got.headers['content-encoding'], undefined);
      tag = got.headers.etag ?? '';
      breaks += 1;
    }
    assert.equal(breaks, 5);
    assert.equal(hash.digest('hex'), await sha256(file));
  });

  it('is told the size, and 304 where it has the file', async () => {
    const head = await fetch(`${web.address}${path}`, { method: 'HEAD' });
    assert.equal(head.headers.get('content-length'), String(sizeBytes));
    assert.equal(head.headers.get('accept-ranges'), 'bytes');
    const tag = head.headers.get('etag') ?? '';
    assert.match(tag, /^"/);
    // Not by fetch: it says no-cache with such a header.
    const known = await fetchSome(`${web.address}${path}`, { 'if-none-match': tag }, 1, () => {});
    assert.equal(known.status, 304);
    assert.equal((await web.get(path, { range: `bytes=${sizeBytes}-` })).status, 416);
    const last = await web.get(path, { range: 'bytes=-5' });
    assert.equal(last.headers.get('content-range'), `bytes ${sizeBytes - 5}-${sizeBytes - 1}/${sizeBytes}`);
  });

  it('begins anew when the file is another one by now', async () => {
    const tag = (await fetch(`${web.address}${path}`, { method: 'HEAD' })).headers.get('etag') ?? '';
    await makeBigFile(`${file}.new`, 2);
    await rename(`${file}.new`, file);
    assert.equal((await stat(file)).size, sizeBytes);
    let first = 0;
    const got = await fetchSome(
      `${web.address}${path}`,
      { range: 'bytes=500-', 'if-range': tag },
      1,
      (part) => {
        first = part[0] ?? 0;
      },
    );
    assert.equal(got.status, 200);
    assert.equal(first, 2);
  });
});

/** Holes, but for a few bytes by which places and versions differ. */
async function makeBigFile(file: string, version: number): Promise<void> {
  await using handle = await open(file, 'w');
  await handle.truncate(sizeBytes);
  for (let at = 0; at < sizeBytes; at += 10_000_019) {
    await handle.write(Buffer.from([version, at % 251]), 0, 2, at);
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(part);
  return hash.digest('hex');
}

/** Reads until so many bytes have come, then breaks the connection. */
function fetchSome(
  url: string,
  headers: Readonly<Record<string, string>>,
  breakAfter: number,
  take: (part: Buffer) => void,
): Promise<{
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
}> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false }, (response) => {
      const { statusCode: status, headers: told } = response;
      const done = () => resolve({ status, headers: told as Readonly<Record<string, string | undefined>> });
      let got = 0;
      response.on('data', (part: Buffer) => {
        if (got >= breakAfter) return;
        take(part);
        got += part.length;
        if (got < breakAfter) return;
        asked.destroy();
        done();
      });
      response.on('end', done);
      response.on('error', () => {});
    });
    asked.on('error', (error) => {
      if (!asked.destroyed) reject(error);
    });
    asked.end();
  });
}
