// Dumps cut at every kind of place, and with flipped bits: one clear answer, and all that is whole is saved.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { findMarks } from '../../src/export/containers/bz2/layout.ts';
import { gzMember } from '../../src/export/containers/gz/members.ts';
import { zstFrame } from '../../src/export/containers/zst/frame.ts';
import type { RepairReport } from '../../src/files/repair/repair-dump.ts';
import { dumpXml, somePages } from '../../src/files/testing/small-dump.ts';
import { program, requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { assertSaved, assertWhole, flipped, plain } from './damage.ts';
import { plainScan, xml } from './xml-tool.ts';

/** What is whole of a page-wise plain scan of each stretch that is readable: the ids of whole pages. */
function wholePages(stretches: readonly Buffer[]): readonly number[] {
  return stretches.flatMap((stretch) => plainScan(stretch).map((page) => page.id));
}

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

  describe('with a damaged part in the middle', () => {
    const long = Buffer.from(dumpXml(somePages(260, 900)));

    /** Repairs it; gives the ids of pages that are kept whole, and what was said to be lost. */
    async function saved(name: string, damaged: Buffer) {
      await writeFile(folder.in(name), damaged);
      const { status, stdout, stderr } = await xml(
        folder.path,
        'repair',
        name,
        '-o',
        `saved-${name}`,
        '--json',
      );
      assert.equal(status, 3, stderr);
      const kept = await plain(folder, `saved-${name}`);
      assertWhole(kept, long, name);
      const check = JSON.parse((await xml(folder.path, 'check', '--json', `saved-${name}`)).stdout);
      assert.deepEqual([check.ok, check.partial], [true, true]);
      const originals = new Map(plainScan(long).map((page) => [page.id, page.end - page.start]));
      const whole = plainScan(kept).filter((page) => page.end - page.start === originals.get(page.id));
      return { pages: whole.map((page) => page.id), report: JSON.parse(stdout) as RepairReport };
    }

    function assertGap(report: RepairReport, pages: readonly number[]): void {
      const [gap, ...others] = report.gaps;
      assert.deepEqual(others, []);
      assert.ok(gap?.afterPageId != null && gap.beforePageId != null);
      const lost = plainScan(long)
        .map((page) => page.id)
        .filter((id) => !pages.includes(id) && !(gap.cutsPage && id === gap.afterPageId));
      assert.ok(lost.length > 0);
      assert.ok(
        lost.every((id) => id > (gap.afterPageId ?? 0) && id < (gap.beforePageId ?? 0)),
        `${lost}`,
      );
    }

    it('bz2: keeps all that lies in sound blocks, told by bzip2recover', async () => {
      await writeFile(folder.in('long.xml'), long);
      execFileSync(program('bzip2'), ['-1', '-k', '-f', folder.in('long.xml')]);
      const bytes = await readFile(folder.in('long.xml.bz2'));
      const marks = findMarks(bytes, 'block', 0, bytes.length * 8);
      assert.ok(marks.length > 4, `${marks.length} blocks`);
      const damaged = flipped(bytes, Math.floor((marks[2]?.bitOffset ?? 0) / 8) + 9_000);
      await writeFile(folder.in('rescue.bz2'), damaged);
      execFileSync(program('bzip2recover'), [folder.in('rescue.bz2')], { stdio: 'ignore' });
      const stretches: Buffer[] = [Buffer.alloc(0)];
      for (const name of (await readdir(folder.path)).filter((one) => /^rec\d+rescue/.test(one)).sort()) {
        const { status, stdout } = spawnSync(program('bzip2'), ['-dc', folder.in(name)], {
          maxBuffer: 1 << 28,
        });
        if (status === 0) stretches.push(Buffer.concat([stretches.pop() ?? Buffer.alloc(0), stdout]));
        else stretches.push(Buffer.alloc(0));
      }
      assert.equal(stretches.length, 2);
      const { pages, report } = await saved('broken.xml.bz2', damaged);
      assert.deepEqual(pages, wholePages(stretches));
      assertGap(report, pages);
    });

    it('zst: keeps all that lies in sound frames', async () => {
      const parts = Array.from({ length: 6 }, (_, at) => {
        const size = Math.ceil(long.length / 6);
        return long.subarray(at * size, (at + 1) * size);
      });
      const frames = parts.map((part) => zstFrame(part).bytes);
      const bad = frames.map((frame, at) => (at === 3 ? flipped(frame, frame.length >> 1) : frame));
      const { pages, report } = await saved('broken.xml.zst', Buffer.concat(bad));
      assert.deepEqual(pages, wholePages([Buffer.concat(parts.slice(0, 3)), Buffer.concat(parts.slice(4))]));
      assertGap(report, pages);
    });

    it('gz: keeps all that lies in sound members', async () => {
      const parts = Array.from({ length: 6 }, (_, at) => {
        const size = Math.ceil(long.length / 6);
        return long.subarray(at * size, (at + 1) * size);
      });
      const members = parts.map((part) => gzMember(part, { level: 6 }));
      const bad = members.map((member, at) => (at === 3 ? flipped(member, member.length >> 1) : member));
      const { pages, report } = await saved('broken.xml.gz', Buffer.concat(bad));
      assert.deepEqual(pages, wholePages([Buffer.concat(parts.slice(0, 3)), Buffer.concat(parts.slice(4))]));
      assertGap(report, pages);
    });

    it('says what is lost, for people', async () => {
      const { stdout } = await xml(folder.path, 'repair', 'broken.xml.bz2', '-o', 'people.xml.zst');
      assert.match(
        stdout,
        /^people\.xml\.zst: partial: \d+ pages, \d+ revisions \(compressed anew\)\n {2}lost: /,
      );
      assert.match(stdout, /what there was of pages \d+ to \d+ \(at byte \d+, bit \d: /);
    });
  });

  it('leave nothing of an archive that cannot be made of them', async () => {
    await writeFile(folder.in('none.xml'), '');
    await writeFile(folder.in('half.xml'), content.subarray(0, content.length >> 1));
    for (const name of ['none.xml', 'half.xml']) {
      const { status, stderr } = await xml(folder.path, 'merge', name, '-o', 'never.xml.7z');
      assert.deepEqual([status, /XML_DAMAGED/.test(stderr)], [1, true], stderr);
    }
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.startsWith('never')),
      [],
    );
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
