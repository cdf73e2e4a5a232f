// The files of a whole `rota dump` are what MediaWiki writes in the same modes, in every compression.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { type Farm, writeFarm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import type { TestWiki } from '../support/mediawiki/wiki.ts';
import { contentOf, decompress, dumpOf, filesBelow, type PublishedDump } from '../support/published.ts';
import { program, requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { dumpBackup, dumpTextPass } from './export-pair.ts';
import { assertSameBytes } from './same-bytes.ts';

const date = '20200601';
const needs = requires('mariadb', 'mediawiki', 'bzip2', 'lbzip2', 'zstd');

describe('a published dump', { skip: needs }, () => {
  let wiki: TestWiki;
  let folder: TemporaryFolder;
  let farm: Farm;
  let dump: PublishedDump;
  before(async () => {
    wiki = await wikiCopy('wicked', 'published');
    folder = await temporaryFolder();
    const fullDump = {
      asMediawiki: true,
      compression: { articles: ['bz2', 'zst'], history: ['bz2', 'zst'] },
    };
    farm = await writeFarm(folder.path, [wiki], { fullDump, wikiDefaults: { publicLogTypes: ['test'] } });
    dump = await dumpOf(farm, wiki, date);
  });
  after(async () => {
    await folder?.[Symbol.asyncDispose]();
    await wiki?.[Symbol.asyncDispose]();
  });

  it('has the full history of dumpTextPass.php, as bz2 (bzip2, lbzip2) and zst (zstd)', async () => {
    const expected = await dumpTextPass(wiki, '--full');
    const bz2 = dump.file('pages-meta-history.xml.bz2');
    assertSameBytes(await decompress('bzip2', bz2), expected, 'history by bzip2');
    assertSameBytes(await decompress('lbzip2', bz2), expected, 'history by lbzip2');
    assertSameBytes(
      await decompress('zstd', dump.file('pages-meta-history.xml.zst')),
      expected,
      'history by zstd',
    );
  });

  it('has the current revisions of dumpTextPass.php', async () => {
    const expected = await dumpTextPass(wiki, '--current');
    assertSameBytes(await contentOf(dump.file('pages-meta-current.xml.bz2')), expected, 'current');
  });

  it('has the articles of dumpTextPass.php, also as separate streams that the index points into', async () => {
    const filters = ['--filter=notalk', '--filter=namespace:!NS_USER'];
    const expected = await dumpTextPass(wiki, '--current', filters);
    assertSameBytes(await contentOf(dump.file('pages-articles.xml.bz2')), expected, 'articles');
    assertSameBytes(await contentOf(dump.file('pages-articles.xml.zst')), expected, 'articles zst');
    const streams = dump.file('pages-articles-multistream.xml.bz2');
    assertSameBytes(await contentOf(streams), expected, 'multistream');
    await assertIndex(streams, dump.file('pages-articles-multistream-index.txt.bz2'));
  });

  it('has the stubs of dumpBackup.php', async () => {
    const expected = await dumpBackup(wiki, ['--full', '--stub']);
    assertSameBytes(await contentOf(dump.file('stub-meta-history.xml.gz')), expected, 'stubs');
    const current = await dumpBackup(wiki, ['--current', '--stub']);
    assertSameBytes(await contentOf(dump.file('stub-meta-current.xml.gz')), current, 'current stubs');
    const articles = await dumpBackup(wiki, [
      '--current',
      '--stub',
      '--filter=notalk',
      '--filter=namespace:!NS_USER',
    ]);
    assertSameBytes(await contentOf(dump.file('stub-articles.xml.gz')), articles, 'stubs of articles');
  });

  it('has the log of dumpBackup.php', async () => {
    assertSameBytes(
      await contentOf(dump.file('pages-logging.xml.gz')),
      await dumpBackup(wiki, ['--logs']),
      'logs',
    );
  });

  it('has checksums that md5sum and sha1sum confirm, of every file of the dump', async () => {
    for (const algorithm of ['md5', 'sha1', 'sha256']) {
      const list = dump.file(`${algorithm}sums.txt`);
      await execa(program(`${algorithm}sum`), ['--check', '--strict', '--quiet', list], { cwd: dump.folder });
      const named = (await readFile(list, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => line.split(/ [ *]/)[1]);
      const content = (await filesBelow(dump.folder))
        .map((path) => basename(path))
        .filter((name) => /\.(gz|bz2|zst)$/.test(name));
      assert.deepEqual(
        content.filter((name) => !named.includes(name)),
        [],
        `not in ${list}`,
      );
    }
  });

  it('is reported as done in dumpstatus.json, job by job', async () => {
    const status = JSON.parse(await readFile(`${dump.folder}/dumpstatus.json`, 'utf8'));
    assert.equal(status.version, '0.8');
    const states = Object.entries<{ status: string }>(status.jobs).map(
      ([job, { status: state }]) => `${job} ${state}`,
    );
    assert.ok(states.includes('metahistorybz2dump done'), states.join());
    assert.deepEqual(
      states.filter((line) => !line.endsWith(' done')),
      [],
    );
  });
});

/** Each line of an index is `offset:page id:title`, and a bz2 stream that holds the page begins at the offset. */
async function assertIndex(streams: string, index: string): Promise<void> {
  const bytes = await readFile(streams);
  const lines = (await contentOf(index)).toString().trim().split('\n');
  const offsets = [...new Set(lines.map((line) => Number(line.split(':')[0])))].sort((a, b) => a - b);
  assert.ok(lines.length > 50);
  for (const [i, offset] of offsets.entries()) {
    const input = bytes.subarray(offset, offsets[i + 1]);
    const { stdout } = await execa(program('bzip2'), ['-d', '-c'], { input });
    const pages = lines.filter((line) => line.startsWith(`${offset}:`));
    assert.ok(pages.length <= 100, `${pages.length} pages in one stream`);
    for (const line of pages) {
      const [, id = '', ...title] = line.split(':');
      assert.ok(
        stdout.includes(`<id>${id}</id>`),
        `page ${id} ${title.join(':')} is not in the stream at ${offset}`,
      );
    }
  }
}
