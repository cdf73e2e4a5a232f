import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import type { FilePart } from '../../src/dumping/verify/file-layout.ts';
import { cutSegments, joinScans, scanSegment } from '../../src/dumping/verify/scan-segments.ts';
import { Bz2Compressor } from '../../src/export/containers/bz2/compressor.ts';
import { Bz2SegmentReader } from '../../src/export/containers/bz2/decode/read-segment.ts';
import { listBlocks } from '../../src/export/containers/bz2/layout.ts';
import { Bz2Splicer } from '../../src/export/containers/bz2/splicer.ts';
import { scanXml } from '../../src/export/scanner/scan-xml.ts';
import { missing, pathOf, run, wikiText } from './programs.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rota-segments-'));
});
after(() => rm(folder, { recursive: true }));

const { signal } = new AbortController();
const reader = new Bz2SegmentReader();
const whole = { fromBit: 0, toBit: null, inStream: false };

/** A text, and it again and again with a word changed each time: as a page's history. */
function history(bytes: number, copies: number, seed: number): Buffer {
  const text = wikiText(bytes, seed);
  return Buffer.concat(
    Array.from({ length: copies }, (_, copy) => {
      const changed = Buffer.from(text);
      changed.write(`<${copy}>`, (copy * 7919 * seed) % (bytes - 8));
      return changed;
    }),
  );
}

const contents: readonly (readonly [name: string, raw: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['one byte', Buffer.from('a')],
  ['a little text', wikiText(1000, 1)],
  ['a history', history(16_000, 140, 2)],
  ['a history of tiny texts', history(40, 30_000, 3)],
  ['one byte again and again', Buffer.alloc(3_000_000, 'x')],
  ['two bytes in turn', Buffer.from('ab'.repeat(1_000_000))],
  ['runs of all lengths', Buffer.concat(Array.from({ length: 2000 }, (_, i) => Buffer.alloc(i, i % 251)))],
  [
    'bytes without order',
    Buffer.from(Array.from({ length: 400_000 }, (_, i) => (i * i * 2654435761) >>> 13)),
  ],
  ['texts without copies', wikiText(2_500_000, 4)],
];

for (const program of ['bzip2', 'lbzip2']) {
  describe(`what ${program} has compressed`, { skip: missing(program) }, () => {
    for (const [name, raw] of contents) {
      it(`is read back: ${name}`, async () => {
        for (const level of ['-1', '-9']) {
          const path = join(folder, `${program}${level}`);
          // Two streams, as a multistream file has them.
          const stream = run(program, ['-c', level], raw);
          await writeFile(path, Buffer.concat([stream, stream]));
          const read: Buffer[] = [];
          const sums = await reader.read(path, whole, (bytes) => read.push(Buffer.from(bytes)), signal);
          assert.ok(Buffer.concat(read).equals(Buffer.concat([raw, raw])), level);
          assert.equal(sums.last.blocks, 0);
          const alone = new Bz2SegmentReader(1);
          for (const expected of [0, raw.length, 2 * raw.length]) {
            const twice = await alone.decompress(
              path,
              Buffer.concat([stream, stream]),
              Buffer.alloc(expected),
              signal,
            );
            assert.ok(twice.equals(Buffer.concat([raw, raw])), `${level}, where ${expected} were expected`);
          }
        }
      });
    }
  });
}

interface Made {
  readonly xml: Buffer;
  readonly single: Buffer;
  readonly singleParts: readonly FilePart[];
  readonly multi: Buffer;
  readonly multiParts: readonly FilePart[];
}

/** A dump of some pages with histories, in bundles that are cut inside of pages, too. */
async function makeDump(): Promise<Made> {
  const program = pathOf('bzip2') ?? '';
  const compressor = new Bz2Compressor({ program: { name: 'bzip2', path: program }, concurrency: 2, signal });
  const bundles: { raw: string; part: Omit<FilePart, 'at' | 'length' | 'bits' | 'crc' | 'raw'> }[] = [];
  const outside = { begun: 0, revisions: 0, whole: true, firstPage: 0, lastPage: 0, copied: '' };
  bundles.push({ raw: '<mediawiki>\n  <siteinfo>\n  </siteinfo>\n', part: outside });
  let id = 0;
  for (let page = 1; page <= 40; page += 1) {
    let raw = `  <page>\n    <title>P</title>\n    <ns>0</ns>\n    <id>${page}</id>\n`;
    const count = (page * 7) % 11;
    for (let revision = 0; revision <= count; revision += 1) {
      id += 1;
      const text = wikiText(2000, page).toString('latin1').replaceAll('<', ' ');
      raw += `    <revision>\n      <id>${id}</id>\n      <text>${text}</text>\n    </revision>\n`;
      const isLast = revision === count;
      if (isLast) raw += '  </page>\n';
      if (!isLast && revision % 4 !== 3) continue;
      const part = { ...outside, begun: revision < 4 ? 1 : 0, revisions: 0, whole: isLast };
      bundles.push({ raw, part: { ...part, firstPage: page, lastPage: page } });
      raw = '';
    }
  }
  bundles.push({ raw: '</mediawiki>\n', part: outside });
  const splicer = new Bz2Splicer();
  const single: Buffer[] = [];
  const singleParts: FilePart[] = [];
  const multi: Buffer[] = [];
  const multiParts: FilePart[] = [];
  let at = 0;
  let stream = new Bz2Splicer();
  let streamParts: Buffer[] = [];
  let streamRaw = 0;
  for (const { raw, part } of bundles) {
    const made = await compressor.compress(Buffer.from(raw));
    const bit = Math.max(32, splicer.state.bytes * 8 + splicer.state.carryBits);
    single.push(splicer.append(made.stream, made));
    const bits = splicer.state.bytes * 8 + splicer.state.carryBits - bit;
    singleParts.push({ ...part, at: bit, bits, crc: made.combinedCrc, raw: raw.length });
    streamParts.push(stream.append(made.stream, made));
    streamRaw += raw.length;
    if (!part.whole) continue;
    const bytes = Buffer.concat([...streamParts, stream.finish()]);
    multi.push(bytes);
    multiParts.push({ ...part, at, length: bytes.length, raw: streamRaw });
    at += bytes.length;
    stream = new Bz2Splicer();
    streamParts = [];
    streamRaw = 0;
  }
  single.push(splicer.finish());
  return {
    xml: Buffer.from(bundles.map(({ raw }) => raw).join('')),
    single: Buffer.concat(single),
    singleParts,
    multi: Buffer.concat(multi),
    multiParts,
  };
}

async function scanInSegments(file: Buffer, parts: readonly FilePart[], mostBytes: number) {
  const path = join(folder, 'dump.bz2');
  await writeFile(path, file);
  const orders = cutSegments(parts, mostBytes);
  const scans = [];
  for (const order of orders) scans.push(await scanSegment(reader, path, order, signal));
  return { scan: joinScans(orders, scans), segments: orders.length };
}

describe('a dump that is read in segments', { skip: missing('bzip2') }, () => {
  it('is scanned as the whole of it is, wherever it is cut', async () => {
    const { xml, single, singleParts, multi, multiParts } = await makeDump();
    const expected = await scanXml([xml]);
    assert.equal(expected.problemCount, 0);
    for (const mostBytes of [1, 5000, 30_000, 100_000, 1 << 30]) {
      for (const [file, parts] of [
        [single, singleParts],
        [multi, multiParts],
      ] as const) {
        const { scan, segments } = await scanInSegments(file, parts, mostBytes);
        assert.deepEqual(scan, expected);
        assert.equal(segments > 1, mostBytes < 1 << 30);
      }
    }
  });

  it('is not what it was with any byte changed that means something', async () => {
    const { xml, single, singleParts, multi, multiParts } = await makeDump();
    const expected = await scanXml([xml]);
    for (const [file, parts] of [
      [single, singleParts],
      [multi, multiParts],
    ] as const) {
      for (let seed = 1; seed <= 60; seed += 1) {
        const bytes = Buffer.from(file);
        const at = seed <= 12 ? bytes.length - seed : (seed * 104_729) % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ 0x10;
        const outcome = await scanInSegments(bytes, parts, 20_000).catch((error: unknown) => {
          assert.ok(isRotaError(error, 'ARCHIVE_DAMAGED'), String(error));
          return null;
        });
        // A Huffman code that no symbol has may change: the checksum proves that the content is the same.
        if (outcome !== null && outcome.scan !== null) assert.deepEqual(outcome.scan, expected, `byte ${at}`);
      }
    }
  });

  it('is refused with another combined checksum, with its end cut off, and with something behind it', async () => {
    const { single, singleParts, multi, multiParts } = await makeDump();
    const crc = Buffer.from(single);
    crc[crc.length - 2] = (crc[crc.length - 2] ?? 0) ^ 0x40;
    assert.equal((await scanInSegments(crc, singleParts, 20_000)).scan, null);
    const damaged = (error: unknown) => isRotaError(error, 'ARCHIVE_DAMAGED');
    for (const [file, parts] of [
      [single, singleParts],
      [multi, multiParts],
    ] as const) {
      for (const cut of [1, 5, 11, 40]) {
        await assert.rejects(scanInSegments(file.subarray(0, file.length - cut), parts, 20_000), damaged);
      }
      await assert.rejects(scanInSegments(Buffer.concat([file, Buffer.from('x')]), parts, 20_000), damaged);
    }
  });

  it('is refused when a block is missing, or two have changed places', async () => {
    const { single, singleParts } = await makeDump();
    const marks = listBlocks(single);
    const moved = singleParts.map((part, index) =>
      index === 9 ? { ...part, at: (marks[11]?.bitOffset ?? 0) + 1 } : part,
    );
    await assert.rejects(scanInSegments(single, moved as FilePart[], 1), (error) =>
      isRotaError(error, 'ARCHIVE_DAMAGED'),
    );
  });

  it('shows pages that come in another order than their ids', async () => {
    const { multi, multiParts } = await makeDump();
    const [a, b] = [multiParts[5], multiParts[9]];
    assert.ok(a && b && 'length' in a && 'length' in b);
    const swapped = Buffer.concat([
      multi.subarray(0, a.at),
      multi.subarray(b.at, b.at + b.length),
      multi.subarray(a.at + a.length, b.at),
      multi.subarray(a.at, a.at + a.length),
      multi.subarray(b.at + b.length),
    ]);
    let at = 0;
    const parts = multiParts.map((part, index) => {
      const from = index === 5 ? b : index === 9 ? a : part;
      const moved = { ...from, at } as FilePart;
      at += 'length' in from ? from.length : 0;
      return moved;
    });
    const { scan } = await scanInSegments(swapped, parts, 1);
    assert.equal(scan?.idsAscending, false);
    assert.ok((scan?.problemCount ?? 0) > 0);
  });
});
