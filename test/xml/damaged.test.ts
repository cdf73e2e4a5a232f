// Dumps cut at every kind of place, and with flipped bits: one clear answer, and all that is whole is saved.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { findMarks } from '../../src/export/containers/bz2/layout.ts';
import { dumpXml, somePages } from '../../src/files/testing/small-dump.ts';
import { program, requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { assertSaved, flipped } from './damage.ts';
import { xml } from './xml-tool.ts';

describe('damaged dumps', { skip: requires('bzip2', '7z') }, () => {
  const content = Buffer.from(dumpXml(somePages(60, 300)));
  const files = ['d.xml', 'd.xml.bz2', 'd-multistream.xml.bz2', 'd.xml.zst', 'd.xml.gz', 'd.xml.7z'];
  const bytesOf = new Map<string, Buffer>();
  let folder: TemporaryFolder;

  before(async () => {
    folder = await temporaryFolder('damaged');
    await writeFile(folder.in('d.xml'), content);
    execFileSync(program('bzip2'), ['-k', folder.in('d.xml')]);
    const streams = ['--multistream', '--pages-per-stream', '9'];
    for (const [file, ...more] of [
      ['d.xml.zst'],
      ['d.xml.gz'],
      ['d.xml.7z'],
      ['d-multistream.xml.bz2', ...streams],
    ]) {
      assert.equal((await xml(folder.path, 'recompress', 'd.xml', '-o', file ?? '', ...more)).status, 0);
    }
    for (const file of files) bytesOf.set(file, await readFile(folder.in(file)));
  });
  after(() => folder[Symbol.asyncDispose]());

  for (const file of files) {
    it(`${file}, cut anywhere`, async () => {
      const bytes = bytesOf.get(file) ?? Buffer.alloc(0);
      const places = [5, 13, 40, bytes.length >> 1, bytes.length - 200, bytes.length - 12, bytes.length - 3];
      const results = new Set<string>();
      for (const length of places) {
        const cut = bytes.subarray(0, length);
        results.add(await assertSaved(folder, `cut-${file}`, cut, content, `${file} cut at ${length}`));
      }
      assert.ok(file.endsWith('7z') || file === 'd.xml.bz2' || results.has('saved'), `${[...results]}`);
    });
  }

  for (const file of files.filter((name) => name.endsWith('bz2') || /zst|gz/.test(name))) {
    it(`${file}, with flipped bits`, async () => {
      const bytes = bytesOf.get(file) ?? Buffer.alloc(0);
      for (let i = 1; i < 5; i += 1) {
        const at = Math.floor((bytes.length * i) / 5);
        await assertSaved(folder, `flip-${file}`, flipped(bytes, at), content, `${file}, byte ${at}`);
      }
    });
  }

  it('cut exactly between two blocks, or inside the mark of one', async () => {
    const bytes = bytesOf.get('d-multistream.xml.bz2') ?? Buffer.alloc(0);
    const marks = findMarks(bytes, 'block', 0, bytes.length * 8);
    assert.ok(marks.length > 6);
    for (const mark of marks.slice(2, 4)) {
      for (const length of [mark.bitOffset / 8 - 4, mark.bitOffset / 8, mark.bitOffset / 8 + 3]) {
        const result = await assertSaved(
          folder,
          'between.xml.bz2',
          bytes.subarray(0, length),
          content,
          `cut at ${length}`,
        );
        assert.equal(result, 'saved');
      }
    }
  });

  it('are searched beside the damage', async () => {
    const bytes = bytesOf.get('d-multistream.xml.bz2') ?? Buffer.alloc(0);
    await writeFile(folder.in('hole.xml.bz2'), flipped(bytes, bytes.length >> 1));
    for (const id of [3, 180]) {
      assert.equal(
        (await xml(folder.path, 'find-page', 'hole.xml.bz2', '--id', String(id))).status,
        0,
        `${id}`,
      );
    }
    const missed: number[] = [];
    for (let id = 3; id <= 180; id += 9) {
      const { status, stderr } = await xml(folder.path, 'find-page', 'hole.xml.bz2', '--id', String(id));
      if (status === 0) continue;
      missed.push(id);
      assert.match(stderr, /has no page \d+ in what could be read of it; parts of it are damaged/);
    }
    assert.ok(missed.length > 0 && missed.length <= 4, `${missed}`);
  });
});
