// Every command on every kind of file, whole, cut short and with a flipped bit: with which status it ends, and that it
// says so in one sentence.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { zstFrame } from '../../src/export/containers/zst/frame.ts';
import { SeekTableBuilder } from '../../src/export/containers/zst/seek-table.ts';
import { dumpXml, somePages } from '../../src/files/testing/small-dump.ts';
import { program, requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { flipped } from '../xml/damage.ts';
import { xml } from '../xml/xml-tool.ts';

const files = ['d.xml', 'd.xml.bz2', 'd-multistream.xml.bz2', 'd.xml.zst', 'd.xml.gz', 'd.xml.7z'] as const;
type File = (typeof files)[number];

/** Page 3 is the first, and stands before all damage. */
const commands: Readonly<Record<string, readonly string[]>> = {
  check: ['check', 'FILE'],
  'check --end': ['check', '--end', 'FILE'],
  count: ['count', 'FILE'],
  'last-page': ['last-page', 'FILE'],
  'last-rev': ['last-rev', 'FILE'],
  'find-page --id': ['find-page', 'FILE', '--id', '3'],
  'find-page --title': ['find-page', 'FILE', '--title', 'Page 3'],
  cat: ['cat', 'FILE', '--page', '3', '-o', 'out.xml'],
  recompress: ['recompress', 'FILE', '-o', 'out.xml.zst'],
  split: ['split', 'FILE', '--pages', '60', '-o', 'parts', '--format', 'plain'],
  merge: ['merge', 'FILE', '-o', 'out.xml.gz'],
  'show-crcs': ['show-crcs', 'FILE'],
  repair: ['repair', 'FILE', '-o', 'saved.xml'],
  diff: ['diff', 'd.xml', 'FILE'],
  'diff, the other way': ['diff', 'FILE', 'd.xml'],
};

/**
 * Exit statuses for the files in their order. Plain files have no checksum: a flipped bit is another text. `check --end` and
 * zst without its table, gz and 7z: only from the start (2). Of a 7z that is cut nothing can be read.
 */
const expected = {
  whole: {
    check: '0 0 0 0 0 0',
    'check --end': '0 0 0 0 2 2',
    count: '0 0 0 0 0 0',
    'last-page': '0 0 0 0 0 0',
    'last-rev': '0 0 0 0 0 0',
    'find-page --id': '0 0 0 0 0 0',
    'find-page --title': '0 0 0 0 0 0',
    cat: '0 0 0 0 0 0',
    recompress: '0 0 0 0 0 0',
    split: '0 0 0 0 0 0',
    merge: '0 0 0 0 0 0',
    'show-crcs': '2 0 0 2 2 2',
    repair: '4 4 4 4 4 4',
    diff: '0 0 0 0 0 0',
    'diff, the other way': '0 0 0 0 0 0',
  },
  cut: {
    check: '1 1 1 1 1 1',
    'check --end': '1 1 1 2 2 2',
    count: '1 1 1 1 1 1',
    'last-page': '0 0 0 0 0 4',
    'last-rev': '0 0 0 0 0 4',
    'find-page --id': '0 0 0 0 0 1',
    'find-page --title': '0 0 0 0 0 1',
    cat: '0 0 0 0 0 1',
    recompress: '0 1 1 1 1 1',
    split: '1 1 1 1 1 1',
    merge: '1 1 1 1 1 1',
    'show-crcs': '2 1 1 2 2 2',
    repair: '3 3 3 3 3 1',
    diff: '1 1 1 1 1 1',
    'diff, the other way': '1 1 1 1 1 1',
  },
  flipped: {
    check: '0 1 1 1 1 1',
    'check --end': '0 0 0 0 2 2',
    count: '0 1 1 1 1 1',
    'last-page': '0 0 0 0 0 0',
    'last-rev': '0 0 0 0 0 0',
    'find-page --id': '0 0 0 0 0 0',
    'find-page --title': '0 0 0 0 0 0',
    cat: '0 0 0 0 0 0',
    recompress: '0 1 1 1 1 1',
    split: '0 1 1 1 1 1',
    merge: '0 1 1 1 1 1',
    'show-crcs': '2 1 1 2 2 2',
    repair: '4 3 3 3 3 3',
    diff: '3 1 1 1 1 1',
    'diff, the other way': '3 1 1 1 1 1',
  },
} as const;

describe('every command', { skip: requires('bzip2', '7z') }, () => {
  const content = Buffer.from(dumpXml(somePages(260, 900)));
  let folder: TemporaryFolder;

  before(async () => {
    folder = await temporaryFolder('every-command');
    await writeFile(folder.in('d.xml'), content);
    execFileSync(program('bzip2'), ['-1', '-k', folder.in('d.xml')]);
    for (const [file, ...more] of [
      ['d.xml.gz'],
      ['d.xml.7z'],
      ['d-multistream.xml.bz2', '--multistream'],
    ] as const) {
      assert.equal((await xml(folder.path, 'recompress', 'd.xml', '-o', file, ...more)).status, 0);
    }
    // Frames much smaller than usual, so that there are several.
    const table = new SeekTableBuilder();
    const frames = Array.from({ length: 6 }, (_, at) => {
      const size = Math.ceil(content.length / 6);
      const frame = zstFrame(content.subarray(at * size, (at + 1) * size));
      table.add(frame.bytes.length, frame.rawBytes);
      return frame.bytes;
    });
    await writeFile(folder.in('d.xml.zst'), Buffer.concat([...frames, table.finish()]));
    for (const file of files) {
      const bytes = await readFile(folder.in(file));
      await writeFile(folder.in(`cut-${file}`), bytes.subarray(0, Math.floor(bytes.length * 0.6)));
      await writeFile(folder.in(`flip-${file}`), flipped(bytes, Math.floor(bytes.length * 0.6)));
    }
  });
  after(() => folder[Symbol.asyncDispose]());

  /** Statuses by command, then file. */
  async function statuses(prefix: string): Promise<Record<string, Record<File, number>>> {
    const all: Record<string, Record<string, number>> = {};
    for (const [name, words] of Object.entries(commands)) {
      const row: Record<string, number> = {};
      for (const file of files) {
        const args = words.map((word) => (word === 'FILE' ? `${prefix}${file}` : word));
        const { status, stderr } = await xml(folder.path, ...args);
        row[file] = status;
        const lines = stderr.split('\n').filter((line) => /^rota: [A-Z0-9_]+: /.test(line));
        assert.equal(lines.length > 1, false, `${args.join(' ')}: ${stderr}`);
        assert.doesNotMatch(stderr, /INTERNAL|TypeError|RangeError|\n {4}at /, args.join(' '));
      }
      all[name] = row;
    }
    return all;
  }

  for (const [what, prefix, of] of [
    ['whole', '', expected.whole],
    ['cut short', 'cut-', expected.cut],
    ['damaged by a flipped bit', 'flip-', expected.flipped],
  ] as const) {
    it(`ends as it should on files that are ${what}`, async () => {
      const found = await statuses(prefix);
      const rows = Object.entries(found).map(([name, row]) => [
        name,
        files.map((file) => row[file]).join(' '),
      ]);
      assert.deepEqual(Object.fromEntries(rows), of);
    });
  }
});
