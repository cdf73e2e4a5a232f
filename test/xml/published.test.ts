// The tools on dumps that were published: checked against bzip2, 7z and a plain scan.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { findProgram, program, requires } from '../support/requirements.ts';
import { requiresSharedData, sharedDataFile } from '../support/shared-data.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { assertSaved, flipped } from './damage.ts';
import { outputOf, plainScan, xml, xmlJson } from './xml-tool.ts';

const sevenZip = findProgram('7zz', '7z', '7za') ?? '';
const dumps: readonly (readonly [string, string, readonly string[]])[] = [
  ['elwikivoyage-sample-pages-articles.xml.bz2', 'bzip2', ['-dc']],
  ['elwikivoyage-pages-articles-p2566p2583.xml.bz2', 'bzip2', ['-dc']],
  ['aawiki-20260101-pages-meta-current.xml.bz2', 'bzip2', ['-dc']],
  ['aawiki-20260101-pages-meta-history.xml.7z', '7z', ['x', '-so']],
  ['elwikivoyage-sample-stubs.gz', 'gzip', ['-dc']],
];

describe('published dumps', { skip: requires('bzip2', '7z') }, () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder('published');
  });
  after(() => folder[Symbol.asyncDispose]());

  for (const [name, decoder, args] of dumps) {
    it(`${name} is as a plain scan finds it`, { skip: requiresSharedData(name) }, async () => {
      const path = sharedDataFile(name);
      const content = outputOf(decoder === '7z' ? sevenZip : decoder, [...args, path]);
      const pages = plainScan(content);
      const [count] = await xmlJson<Record<string, unknown>>(folder.path, 'count', path);
      const revisions = pages.reduce((sum, page) => sum + page.revisions.length, 0);
      assert.deepEqual(
        [count?.pages, count?.revisions, count?.rawBytes],
        [pages.length, revisions, content.length],
      );
      assert.equal((await xml(folder.path, 'check', path)).status, 0);
      const last = pages.at(-1);
      assert.equal((await xml(folder.path, 'last-page', path)).stdout, `${last?.id}\n`);
      assert.equal((await xml(folder.path, 'last-rev', path)).stdout, `${last?.revisions.at(-1)}\n`);
      const perPage = await xmlJson<{ pageId: number; revisions: number }>(
        folder.path,
        'count',
        '--per-page',
        path,
      );
      assert.deepEqual(
        perPage.map((page) => [page.pageId, page.revisions]),
        pages.map((page) => [page.id, page.revisions.length]),
      );
      for (const page of pages.filter((_, at) => at % Math.ceil(pages.length / 4) === 0)) {
        const { stdout } = await xml(folder.path, 'cat', path, '--page', String(page.id));
        assert.ok(stdout.includes(content.subarray(page.start, page.end).toString()), `page ${page.id}`);
        assert.equal(stdout.match(/<page>/g)?.length, 1);
      }
    });
  }

  const bz2 = 'aawiki-20260101-pages-meta-current.xml.bz2';
  it('a current and a full dump of one wiki differ by the older revisions only', {
    skip: requiresSharedData(bz2),
  }, async () => {
    const history = sharedDataFile('aawiki-20260101-pages-meta-history.xml.7z');
    const { status, stdout } = await xml(folder.path, 'diff', '--json', sharedDataFile(bz2), history);
    const kinds = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).kind);
    assert.equal(status, 3);
    assert.deepEqual([...new Set(kinds)], ['revision-added']);
    assert.equal(kinds.length, 1307 - 507);
  });

  const multistream = 'elwikivoyage-pages-articles-p2566p2583.xml.bz2';
  it('damaged copies are saved up to the damage', { skip: requiresSharedData(multistream) }, async () => {
    for (const name of [multistream, bz2]) {
      const path = sharedDataFile(name);
      const content = outputOf('bzip2', ['-dc', path]);
      const bytes = await readFile(path);
      for (const part of [0.2, 0.97]) {
        const at = Math.floor(bytes.length * part);
        await assertSaved(folder, 'cut.xml.bz2', bytes.subarray(0, at), content, `${name} cut at ${at}`);
        await assertSaved(folder, 'flip.xml.bz2', flipped(bytes, at), content, `${name}, byte ${at}`);
      }
    }
  });

  it('a page is found by reading a fraction of the file', {
    skip: requiresSharedData('elwikivoyage-sample-pages-articles.xml.bz2'),
  }, async () => {
    assert.ok(program('bzip2') !== '');
    const path = sharedDataFile('elwikivoyage-sample-pages-articles.xml.bz2');
    const [found] = await xmlJson<{ fileOffset: number; bytesRead: number }>(
      folder.path,
      'find-page',
      path,
      '--id',
      '2566',
    );
    // As findpageidinbz2xml says: the block at 1604604, whose first bit belongs to the next byte.
    assert.equal(found?.fileOffset, 1604605);
    assert.ok((found?.bytesRead ?? 0) < 1_663_849 / 2);
  });
});
