import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isRotaError } from '../core/errors/rota-error.ts';
import { checkDump } from './check-dump.ts';
import { countDump } from './count-pages.ts';
import { mergeDumps } from './merge-dumps.ts';
import { type SplitPart, type SplitRule, splitDump, splitName } from './split-dump.ts';
import { MemoryWriter, memorySource } from './testing/memory-files.ts';
import { dumpXml, smallHead, somePages } from './testing/small-dump.ts';

const pages = somePages(30, 60);
const xml = dumpXml(pages);

async function split(rule: SplitRule, content = xml): Promise<{ parts: SplitPart[]; files: string[] }> {
  const writers: MemoryWriter[] = [];
  const target = {
    open: () => {
      const writer = new MemoryWriter();
      writers.push(writer);
      return Promise.resolve(writer);
    },
    name: (number: number, first: number, last: number) => Promise.resolve(`${number}-p${first}p${last}`),
  };
  const parts: SplitPart[] = [];
  for await (const part of splitDump(memorySource(content), rule, target)) parts.push(part);
  return { parts, files: writers.map((writer) => writer.content ?? '') };
}

async function merge(...files: string[]): Promise<string | null> {
  const writer = new MemoryWriter();
  await mergeDumps(
    files.map((file, i) => memorySource(file, `file ${i + 1}`)),
    writer,
  );
  return writer.content;
}

describe('a dump that is split', () => {
  it('by pages has so many in each file, and ranges without gaps', async () => {
    const { parts } = await split({ by: 'pages', pages: 12 });
    assert.deepEqual(
      parts.map(({ first, last, pages: count }) => [first, last, count]),
      [
        [1, 36, 12],
        [37, 72, 12],
        [73, 90, 6],
      ],
    );
  });

  it('by ids ends where it is told to, also where no page is', async () => {
    const { parts, files } = await split({ by: 'ids', ends: [10, 11, 50] });
    assert.deepEqual(
      parts.map(({ file, pages: count }) => [file, count]),
      [
        ['1-p1p10', 3],
        ['2-p12p50', 13],
        ['3-p51p90', 14],
      ],
    );
    assert.ok(files.every((file) => file.startsWith(smallHead) && file.endsWith('</mediawiki>\n')));
  });

  it('is the whole again when its parts are merged, wherever it was cut, with or without the last newline', async () => {
    const rule: fc.Arbitrary<SplitRule> = fc.oneof(
      fc.record({ by: fc.constant('pages' as const), pages: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ by: fc.constant('bytes' as const), rawBytes: fc.integer({ min: 1, max: 20_000 }) }),
      fc.record({
        by: fc.constant('ids' as const),
        ends: fc
          .uniqueArray(fc.integer({ min: 1, max: 95 }), { maxLength: 6 })
          .map((ends) => ends.sort((a, b) => a - b)),
      }),
    );
    await fc.assert(
      fc.asyncProperty(rule, fc.boolean(), async (given, isTrimmed) => {
        const content = isTrimmed ? xml.trimEnd() : xml;
        const { parts, files } = await split(given, content);
        assert.equal(await merge(...files), content);
        assert.deepEqual(
          parts.map((part) => part.rawBytes),
          files.map((file) => Buffer.byteLength(file)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('has the names of the field', () => {
    const part = { number: 2, first: 101, last: 200 };
    for (const [base, name] of [
      ['frwiki-20261122-pages-meta-history.xml.bz2', 'frwiki-20261122-pages-meta-history2.xml-p101p200.zst'],
      ['frwiki-20261122-pages-articles1.xml-p1p500.bz2', 'frwiki-20261122-pages-articles2.xml-p101p200.zst'],
      ['frwiki-20261122-stub-articles.xml', 'frwiki-20261122-stub-articles2.xml-p101p200.zst'],
      ['frwiki-20261122.xml', 'frwiki-202611222.xml-p101p200.zst'],
      ['frwiki-articles-p1p900.xml', 'frwiki-articles2.xml-p101p200.zst'],
      ['odd.dump', 'odd.dump-2-p101p200.zst'],
    ] as const) {
      assert.equal(splitName(base, '.zst', part), name);
    }
  });

  it('must have pages, not log items, of which nothing came out', async () => {
    const log = `${smallHead}  <logitem>\n    <id>1</id>\n  </logitem>\n</mediawiki>\n`;
    await assert.rejects(split({ by: 'pages', pages: 1 }, log), (error) => isRotaError(error, 'USAGE'));
  });

  it('fails when its XML is cut short', async () => {
    await assert.rejects(split({ by: 'pages', pages: 10 }, xml.slice(0, -100)), (error) =>
      isRotaError(error, 'XML_DAMAGED'),
    );
  });
});

describe('dumps that are merged', () => {
  const halves = [dumpXml(pages.slice(0, 10)), dumpXml(pages.slice(10))] as const;

  it('must come in the order of their pages', async () => {
    assert.equal(await merge(...halves), xml);
    await assert.rejects(merge(halves[1], halves[0]), (error) => isRotaError(error, 'DUMPS_DISAGREE'));
    await assert.rejects(merge(halves[0], halves[0]), (error) => isRotaError(error, 'DUMPS_DISAGREE'));
  });

  it('must have one head', async () => {
    const other = halves[1].replace('Small', 'Other');
    await assert.rejects(merge(halves[0], other), /heads of file 1 and file 2 differ/);
  });

  it('must have a head at all, which else came to stand behind pages', async () => {
    const headless = halves[0].slice(smallHead.length);
    await assert.rejects(merge(headless, halves[1]), /file 1: .* the head, .*, is missing/);
    await assert.rejects(merge(halves[0], halves[1].slice(smallHead.length)), /file 2: .* is missing/);
    await assert.rejects(split({ by: 'pages', pages: 10 }, headless), /the head, .*, is missing/);
    const { ok, problems } = await checkDump(memorySource(headless), new AbortController().signal);
    assert.deepEqual([ok, problems.map(({ kind }) => kind)], [false, ['no-head']]);
    await assert.rejects(countDump(memorySource(headless)), /the head, .*, is missing/);
  });

  it('must be whole', async () => {
    await assert.rejects(merge(halves[0].slice(0, -20), halves[1]), (error) =>
      isRotaError(error, 'XML_DAMAGED'),
    );
  });
});
