import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { ScanThreads } from './scan-threads.ts';

const folder = mkdtempSync(join(tmpdir(), 'rota-scan-'));
after(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();

function xmlOf(pages: number): string {
  const page = (id: number) =>
    `  <page>\n    <title>P${id}</title>\n    <ns>0</ns>\n    <id>${id}</id>\n  </page>\n`;
  return `<mediawiki>\n${Array.from({ length: pages }, (_, i) => page(i + 1)).join('')}</mediawiki>\n`;
}

function write(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

test('files are scanned one after the other and several at once, each for itself', async () => {
  await using threads = new ScanThreads();
  const counts = [3, 0, 70, 1, 12];
  const paths = counts.map((pages, i) =>
    i % 2 === 0
      ? write(`${i}.xml.gz`, gzipSync(xmlOf(pages)))
      : write(`${i}.xml.zst`, zstdCompressSync(xmlOf(pages))),
  );
  const scans = [];
  for (const one of paths) scans.push(await threads.scanFile(one, '', signal));
  scans.push(...(await Promise.all(paths.map((one) => threads.scanFile(one, '', signal)))));
  assert.deepEqual(
    scans.map((scan) => [scan.pages, scan.closed]),
    [...counts, ...counts].map((pages) => [pages, true]),
  );
});

test('a damaged file fails alone, and what was asked to stop stops', async () => {
  await using threads = new ScanThreads();
  const good = write('good.xml.gz', gzipSync(xmlOf(5)));
  const cut = write('cut.xml.gz', gzipSync(xmlOf(5000)).subarray(0, 400));
  await assert.rejects(threads.scanFile(cut, '', signal));
  assert.equal((await threads.scanFile(good, '', signal)).pages, 5);
  const stop = new AbortController();
  const stopped = threads.scanFile(write('long.xml.gz', gzipSync(xmlOf(300_000))), '', stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(stopped, /enough/);
  assert.equal((await threads.scanFile(good, '', signal)).pages, 5);
  await assert.rejects(threads.scanFile(good, '', stop.signal), /enough/);
  await using others = new ScanThreads();
  assert.equal((await others.scanFile(good, '', signal)).pages, 5);
});
