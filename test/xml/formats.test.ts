// The tools give the same on every format as a plain scan, and what they write is read by bzip2, zstd, gzip and 7z.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { dumpXml, somePages } from '../../src/files/testing/small-dump.ts';
import { findProgram, program, requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { headOf, outputOf, plainScan, xml, xmlJson } from './xml-tool.ts';

interface Found {
  readonly pageId: number;
  readonly by: string;
}

describe('dumps in every format', { skip: requires('bzip2', 'zstd', '7z') }, () => {
  const content = Buffer.from(dumpXml(somePages(220, 900)));
  const pages = plainScan(content);
  const files = ['d.xml', 'd.xml.bz2', 'd-multistream.xml.bz2', 'd.xml.zst', 'd.xml.gz', 'd.xml.7z'];
  let folder: TemporaryFolder;

  before(async () => {
    folder = await temporaryFolder('formats');
    await writeFile(folder.in('d.xml'), content);
    // Blocks of 100 kB, so that there are several, which begin at odd bits.
    execFileSync(program('bzip2'), ['-1', '-k', folder.in('d.xml')]);
    for (const [file, ...more] of [
      ['d.xml.zst'],
      ['d.xml.gz'],
      ['d.xml.7z'],
      ['d-multistream.xml.bz2', '--multistream', '--index', 'd-multistream-index.txt.bz2'],
    ] as const) {
      const made = await xml(folder.path, 'recompress', 'd.xml.bz2', '-o', file, ...more);
      assert.equal(made.status, 0, made.stderr);
    }
  });
  after(() => folder[Symbol.asyncDispose]());

  it('hold the same content, as the formats’ own programs say', async () => {
    const sevenZip = findProgram('7zz', '7z', '7za') ?? '';
    const decoders: readonly (readonly [string, readonly string[]])[] = [
      [program('bzip2'), ['-dc', folder.in('d-multistream.xml.bz2')]],
      [program('zstd'), ['-dc', folder.in('d.xml.zst')]],
      ['gzip', ['-dc', folder.in('d.xml.gz')]],
      [sevenZip, ['x', '-so', folder.in('d.xml.7z')]],
    ];
    for (const [decoder, args] of decoders) assert.ok(outputOf(decoder, args).equals(content), decoder);
    for (const file of files) {
      const { stdout, status } = await xml(folder.path, 'recompress', file, '-o', '-');
      assert.deepEqual([status, stdout === content.toString()], [0, true], file);
    }
  });

  it('are checked, counted and compared alike', async () => {
    const revisions = pages.reduce((sum, page) => sum + page.revisions.length, 0);
    assert.equal((await xml(folder.path, 'check', ...files)).status, 0);
    for (const count of await xmlJson<Record<string, unknown>>(folder.path, 'count', ...files)) {
      assert.deepEqual(
        [count.pages, count.revisions, count.rawBytes],
        [pages.length, revisions, content.length],
      );
    }
    for (const file of files) assert.equal((await xml(folder.path, 'diff', 'd.xml', file)).status, 0, file);
    const last = pages.at(-1);
    for (const file of files) {
      assert.equal((await xml(folder.path, 'last-page', file)).stdout, `${last?.id}\n`, file);
      assert.equal((await xml(folder.path, 'last-rev', file)).stdout, `${last?.revisions.at(-1)}\n`, file);
    }
  });

  it('give every page by its id, and nothing for ids that are not there', async () => {
    for (const file of files) {
      const by = /gz|7z/.test(file) ? 'scan' : 'halving';
      const step = by === 'scan' ? 110 : 40;
      for (let at = 0; at < pages.length; at += step) {
        const page = pages[at];
        assert.ok(page !== undefined);
        const [found] = await xmlJson<Found>(folder.path, 'find-page', file, '--id', String(page.id));
        assert.deepEqual([found?.pageId, found?.by], [page.id, by], file);
        const cat = await xml(folder.path, 'cat', file, '--page', String(page.id));
        const expected = Buffer.concat([
          headOf(content),
          content.subarray(page.start, page.end),
          Buffer.from('</mediawiki>\n'),
        ]);
        assert.equal(cat.stdout, expected.toString(), `${file}, page ${page.id}`);
      }
      assert.equal((await xml(folder.path, 'find-page', file, '--id', '4')).status, 4, file);
      assert.equal((await xml(folder.path, 'find-page', file, '--id', '999999')).status, 4, file);
      const missing = await xml(folder.path, 'cat', file, '--page', '4', '-o', 'none.xml');
      assert.deepEqual([missing.status, /PAGE_NOT_FOUND/.test(missing.stderr)], [4, true], file);
      assert.ok(!existsSync(join(folder.path, 'none.xml')));
    }
    // Of a range of which there is nothing, a dump without pages is right.
    assert.equal((await xml(folder.path, 'cat', 'd.xml', '--from-page', '4', '--to-page', '4')).status, 0);
  });

  it('are all looked at, though one of them cannot be', async () => {
    const looked = await xml(folder.path, 'check', 'd.xml', 'not-there.xml', 'd.xml.gz');
    assert.equal(looked.status, 1);
    assert.match(looked.stdout, /d\.xml: whole.*\nnot looked at: \w+: .*not-there\.xml.*\nd\.xml\.gz: whole/);
    assert.equal((await xml(folder.path, 'check', 'not-there.xml')).status, 1);
  });

  it('give pages by title, by the index beside a multistream file or a scan, which is said', async () => {
    const title = ['--title', 'Page_300'];
    const byIndex = await xml(folder.path, 'find-page', 'd-multistream.xml.bz2', ...title);
    assert.match(byIndex.stdout, /^page 300 "Page 300": byte \d+, bit 0, \d+ bytes into the block \(index, /);
    const byScan = await xml(folder.path, 'find-page', 'd.xml.bz2', ...title);
    assert.match(byScan.stdout, /^page 300 "Page 300": byte \d+ of the XML \(scan\)/);
    assert.match(byScan.stderr, /is read from its start/);
    await writeFile(folder.in('wrong.txt'), '0:300:Page 300\n');
    const wrong = await xml(
      folder.path,
      'find-page',
      'd-multistream.xml.bz2',
      ...title,
      '--index',
      'wrong.txt',
    );
    assert.match(wrong.stderr, /INDEX_MISMATCH/);
    // An index of another date may name a stream that has a page of that id, under another title.
    const index = outputOf(program('bzip2'), ['-dc', folder.in('d-multistream-index.txt.bz2')]).toString();
    await writeFile(folder.in('moved.txt'), index.replace(':303:Page 303', ':303:Page 299'));
    const moved = ['--title', 'Page 299', '--index', 'moved.txt'];
    const other = await xml(folder.path, 'find-page', 'd-multistream.xml.bz2', ...moved);
    assert.match(other.stderr, /INDEX_MISMATCH: .* called "Page 303"/);
  });

  it('are not split into the file that is read, and not mixed with their index', async () => {
    const last = pages.at(-1)?.id;
    await writeFile(folder.in(`whole1.xml-p1p${last}`), content);
    const onto = await xml(folder.path, 'split', `whole1.xml-p1p${last}`, '--pages', '100000');
    assert.deepEqual([onto.status, /is read: name another/.test(onto.stderr)], [2, true], onto.stderr);
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => /\.part$|^\./.test(name)),
      [],
    );
    const both = ['-o', '-', '--format', 'bz2', '--multistream', '--index', '-'];
    assert.equal((await xml(folder.path, 'recompress', 'd.xml', ...both)).status, 2);
  });

  it('have an index of which every line names the stream of its page', async () => {
    const index = outputOf(program('bzip2'), ['-dc', folder.in('d-multistream-index.txt.bz2')]).toString();
    const whole = await readFile(folder.in('d-multistream.xml.bz2'));
    const lines = index.trimEnd().split('\n');
    assert.equal(lines.length, pages.length);
    const offsets = [...new Set(lines.map((line) => Number(line.split(':')[0])))];
    assert.equal(offsets.length, 3);
    for (const offset of offsets) {
      await writeFile(folder.in('from-stream.bz2'), whole.subarray(offset));
      const from = outputOf(program('bzip2'), ['-dc', folder.in('from-stream.bz2')]);
      const first = lines.find((line) => line.startsWith(`${offset}:`))?.split(':')[1];
      assert.equal(/<id>(\d+)</.exec(from.subarray(0, 200).toString())?.[1], first);
    }
  });

  it('have the checksums that bzip2 tells of', async () => {
    for (const file of ['d.xml.bz2', 'd-multistream.xml.bz2']) {
      const { stderr } = spawnSync(program('bzip2'), ['-tvvv', folder.in(file)], { encoding: 'utf8' });
      const expected = [
        ...stderr.matchAll(/\{0x([0-9a-f]{8}), 0x\1\}|combined CRCs: stored = 0x([0-9a-f]{8})/g),
      ];
      const lines = await xmlJson<{ readonly crc: string }>(folder.path, 'show-crcs', file);
      assert.ok(lines.length > 5);
      assert.deepEqual(
        lines.map((line) => line.crc),
        expected.map(([, block, combined]) => block ?? combined),
        file,
      );
    }
  });

  it('come through a pipe, where that can be', async () => {
    const rota = join(import.meta.dirname, '../../bin/rota.mjs');
    for (const [file, status] of [
      ['d.xml', 0],
      ['d.xml.bz2', 0],
      ['d.xml.gz', 0],
      ['d.xml.zst', 2],
    ] as const) {
      const command = `node "$0" xml count --json - < "${folder.in(file)}"`;
      const run = () => execFileSync('/bin/sh', ['-c', command, rota], { stdio: ['ignore', 'pipe', 'pipe'] });
      if (status === 0) assert.equal(JSON.parse(run().toString()).pages, pages.length, file);
      else assert.throws(run, /cannot be read from a pipe/, file);
    }
  });
});
