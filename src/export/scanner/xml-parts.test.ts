import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type XmlPart, xmlParts } from './xml-parts.ts';

const head = '<mediawiki xml:lang="aa">\n  <siteinfo>\n    <sitename>S</sitename>\n  </siteinfo>\n';
const revision = (id: number) =>
  `    <revision>\n      <id>${id}</id>\n      <contributor>\n        <id>7</id>\n      </contributor>\n    </revision>\n`;
const upload = '    <upload>\n      <filename>F</filename>\n    </upload>\n';
const open = (id: number) => `  <page>\n    <title>P${id}</title>\n    <ns>0</ns>\n    <id>${id}</id>\n`;
const close = '  </page>\n';
const xml = `${head}${open(3)}${revision(10)}${revision(12)}${upload}${close}${open(8)}${close}${open(9)}${revision(11)}${close}</mediawiki>\n`;

async function partsOf(chunks: Buffer[]): Promise<XmlPart[]> {
  const parts: XmlPart[] = [];
  for await (const part of xmlParts(chunks)) parts.push(part);
  return parts;
}

const shown = (part: XmlPart) =>
  part.kind === 'end' ? ['end', part.scan.problemCount] : [part.kind, part.bytes.toString()];
const joined = (parts: readonly XmlPart[]) =>
  parts.map((part) => (part.kind === 'end' ? '' : part.bytes.toString('latin1'))).join('');

describe('the parts of export XML', () => {
  it('are head, pages with their revisions, and foot', async () => {
    const parts = await partsOf([Buffer.from(xml)]);
    assert.deepEqual(parts.map(shown), [
      ['head', head],
      ['page-open', open(3)],
      ['revision', revision(10)],
      ['revision', revision(12)],
      ['page-close', `${upload}${close}`],
      ['page-open', `${open(8)}${close}`],
      ['page-close', ''],
      ['page-open', open(9)],
      ['revision', revision(11)],
      ['page-close', close],
      ['foot', '</mediawiki>\n'],
      ['end', 0],
    ]);
    const ids = parts.flatMap((part) => (part.kind === 'revision' ? [[part.pageId, part.id]] : []));
    assert.deepEqual(ids, [
      [3, 10],
      [3, 12],
      [9, 11],
    ]);
  });

  it('of a log are its items', async () => {
    const item = (id: number) => `  <logitem>\n    <id>${id}</id>\n  </logitem>\n`;
    const parts = await partsOf([Buffer.from(`${head}${item(1)}${item(5)}</mediawiki>`)]);
    assert.deepEqual(parts.slice(1, 3).map(shown), [
      ['log-item', item(1)],
      ['log-item', item(5)],
    ]);
  });

  it('of several dumps in one file are not kept in memory behind the first', async () => {
    const chunk = Buffer.alloc(512 * 1024, '<page>\n');
    const parts = await partsOf([Buffer.from(`${head}</mediawiki>\n`), ...Array<Buffer>(20).fill(chunk)]);
    const kinds = parts.map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(0, 3), ['head', 'foot', 'other']);
    for (const part of parts) if (part.kind !== 'end') assert.ok(part.bytes.length <= 3 * chunk.length);
    assert.equal(joined(parts).length, head.length + '</mediawiki>\n'.length + 20 * chunk.length);
  });

  it('make up the XML again, whatever it is and however it was cut', async () => {
    const lines = xml.split(/(?<=\n)/);
    const damage = fc.array(fc.constantFrom(...lines, 'text\n', '<page>', '</page>', '<id>'), {
      maxLength: 40,
    });
    const cuts = fc.array(fc.nat(2000), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.constant(lines), damage), cuts, async (pieces, places) => {
        const bytes = Buffer.from(pieces.join(''));
        const sorted = [
          0,
          ...places.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b),
          bytes.length,
        ];
        const chunks = sorted.slice(1).map((end, i) => bytes.subarray(sorted[i] ?? 0, end));
        const parts = await partsOf(chunks);
        assert.equal(joined(parts), bytes.toString('latin1'));
        assert.deepEqual(parts.map(shown), (await partsOf([bytes])).map(shown));
      }),
      { numRuns: 400 },
    );
  });
});
