import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { openContainer, rawBytes } from '../../src/export/containers/read/open-container.ts';
import { zstFrame } from '../../src/export/containers/zst/frame.ts';
import { SeekTableBuilder } from '../../src/export/containers/zst/seek-table.ts';
import { scanXml } from '../../src/export/scanner/scan-xml.ts';
import { requiresSharedData, sharedDataFile } from '../support/shared-data.ts';
import { childrenNamed, missing, pathOf, run, searchPath, sevenZip, wikiText } from './programs.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rota-read-'));
});
after(() => rm(folder, { recursive: true }));

const signal = new AbortController().signal;

async function read(path: string, from = searchPath, threads?: number): Promise<Buffer> {
  const options = { signal, searchPath: from, ...(threads === undefined ? {} : { threads }) };
  const chunks: Buffer[] = [];
  for await (const bytes of rawBytes(await openContainer(path, options))) chunks.push(bytes);
  return Buffer.concat(chunks);
}

/** The error of reading bytes as a file, with its offset in the file. */
async function damageOf(bytes: Buffer, from = searchPath): Promise<{ at: unknown; message: string }> {
  const path = join(folder, 'damaged');
  await writeFile(path, bytes);
  try {
    await read(path, from);
  } catch (error) {
    assert.ok(isRotaError(error, 'ARCHIVE_DAMAGED'), String(error));
    return { at: error.facts.fileOffset, message: error.message };
  }
  return assert.fail('the damage was not seen');
}

for (const decoder of ['lbzip2', 'bzip2']) {
  describe(`bz2 files read by ${decoder}`, { skip: missing(decoder, 'bzip2') }, () => {
    const parts = [wikiText(400_000, 1), wikiText(1_500_000, 2), wikiText(300_000, 3)];
    const streams = missing('bzip2') === false ? parts.map((part) => run('bzip2', ['-9', '-c'], part)) : [];
    const file = Buffer.concat(streams);
    const first = streams[0]?.length ?? 0;
    /** A folder with this decoder only. */
    const only = async () => {
      const path = await mkdtemp(join(folder, 'bin-'));
      execFileSync('ln', ['-s', pathOf(decoder) ?? '', join(path, decoder)]);
      return path + delimiter;
    };

    it('give their content, of many streams too', async () => {
      const path = join(folder, 'many.bz2');
      await writeFile(path, file);
      const bin = await only();
      assert.ok((await read(path, bin)).equals(Buffer.concat(parts)));
      assert.ok((await read(path, bin, 1)).equals(Buffer.concat(parts)));
    });

    it('are not taken for shorter ones when they are damaged', async () => {
      const bin = await only();
      const cut = await damageOf(file.subarray(0, -50), bin);
      assert.equal(cut.at, file.length - 50);
      const header = Buffer.from(file);
      header.write('XX', first);
      assert.equal((await damageOf(header, bin)).at, first);
      const flipped = Buffer.from(file);
      flipped.writeUInt8(flipped.readUInt8(first + 5000) ^ 1, first + 5000);
      assert.match(
        (await damageOf(flipped, bin)).message,
        /damaged or cut short before byte \d+ of \d+, after \d+ bytes/,
      );
    });

    it('leave no process behind when the reader leaves or the work is aborted', async () => {
      const path = join(folder, 'left.bz2');
      await writeFile(path, file);
      const from = await only();
      for await (const chunk of (await openContainer(path, { signal, searchPath: from })).chunks()) {
        assert.ok(chunk.bytes.length > 0);
        break;
      }
      assert.equal(childrenNamed(decoder), 0);
      const stop = new AbortController();
      const container = await openContainer(path, { signal: stop.signal, searchPath: from });
      const abortAtOnce = async () => {
        for await (const chunk of container.chunks())
          if (chunk.rawOffset === 0) stop.abort(new Error('enough'));
      };
      await assert.rejects(abortAtOnce, /enough/);
      assert.equal(childrenNamed(decoder), 0);
    });
  });
}

describe('7z files', { skip: missing(sevenZip) }, () => {
  it('give their content, and tell of damage', async () => {
    const content = wikiText(2_000_000, 4);
    const raw = join(folder, 'content.xml');
    const path = join(folder, 'content.7z');
    await writeFile(raw, content);
    execFileSync(sevenZip, ['a', '-y', path, raw], { stdio: 'ignore' });
    assert.ok((await read(path)).equals(content));
    const bytes = await readFile(path);
    assert.match(
      (await damageOf(bytes.subarray(0, bytes.length >> 1))).message,
      /7z.* ended with exit status 2/,
    );
  });
});

describe('zst files', { skip: missing('zstd') }, () => {
  it('written with a seek table are read by zstd, and those of zstd by Rota', async () => {
    const parts = [wikiText(100_000, 5), wikiText(700_000, 6)];
    const builder = new SeekTableBuilder();
    const frames = parts.map((part) => {
      const frame = zstFrame(part);
      builder.add(frame.bytes.length, frame.rawBytes);
      return frame.bytes;
    });
    const ours = Buffer.concat([...frames, builder.finish()]);
    assert.ok(run('zstd', ['-dcq'], ours).equals(Buffer.concat(parts)));
    const path = join(folder, 'theirs.zst');
    const theirs = parts.map((part, i) => run('zstd', i === 0 ? ['-q', '--no-check'] : ['-q', '-19'], part));
    await writeFile(path, Buffer.concat(theirs));
    assert.ok((await read(path)).equals(Buffer.concat(parts)));
  });
});

describe('gz files', { skip: missing('gzip') }, () => {
  it('of gzip with a name in the header are read', async () => {
    const raw = join(folder, 'named.xml');
    await writeFile(raw, wikiText(400_000, 7));
    execFileSync('gzip', ['-k', raw]);
    assert.ok((await read(`${raw}.gz`)).equals(wikiText(400_000, 7)));
  });
});

describe('published dumps', () => {
  const files: [string, string, number, number][] = [
    ['aawiki-20260101-pages-meta-history.xml.7z', sevenZip, 507, 1307],
    ['elwikivoyage-sample-pages-articles.xml.bz2', 'bzip2', 2040, 2040],
    ['elwikivoyage-sample-stubs.gz', 'gzip', 20, 118],
  ];
  for (const [name, program, pages, revisions] of files) {
    const path = sharedDataFile(name);
    const skip = requiresSharedData(name) || missing(program);
    it(`${name} scans clean`, { skip }, async () => {
      const scan = await scanXml(rawBytes(await openContainer(path, { signal, searchPath })));
      assert.deepEqual(
        [scan.pages, scan.revisions, scan.idsAscending, scan.problems],
        [pages, revisions, true, []],
      );
    });
  }
});
