import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { scanXml, type XmlBoundary, xmlBoundaries } from './scan-xml.ts';

const head = '<mediawiki xml:lang="aa">\n  <siteinfo>\n    <sitename>S</sitename>\n  </siteinfo>\n';
const revision = (id: number, text = 'text') =>
  `    <revision>\n      <id>${id}</id>\n      <contributor>\n        <username>U</username>\n        <id>7</id>\n` +
  `      </contributor>\n      <text bytes="4" xml:space="preserve">${text}</text>\n    </revision>\n`;
const page = (id: number, revisions: string) =>
  `  <page>\n    <title>P &lt;page&gt; ${id}</title>\n    <ns>0</ns>\n    <id>${id}</id>\n${revisions}  </page>\n`;
const logItem = (id: number) => `  <logitem>\n    <id>${id}</id>\n    <type>move</type>\n  </logitem>\n`;
const foot = '</mediawiki>\n';

const first = page(3, revision(10) + revision(12, '&lt;/page&gt; < 4\n   '));
const second = page(8, revision(11));
const xml = head + first + second + foot;

function cut(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const places = [0, ...[...cuts].map((c) => c % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i] ?? 0, end));
}

async function boundariesOf(chunks: Buffer[]): Promise<XmlBoundary[]> {
  const found: XmlBoundary[] = [];
  for await (const boundary of xmlBoundaries(chunks)) found.push(boundary);
  return found;
}

describe('the scan of export XML', () => {
  it('counts pages and revisions and sees the end', async () => {
    const scan = await scanXml([Buffer.from(xml)]);
    assert.deepEqual(scan, {
      pages: 2,
      revisions: 3,
      logItems: 0,
      uploads: 0,
      rawBytes: Buffer.byteLength(xml),
      firstPageId: 3,
      lastPageId: 8,
      firstLogId: null,
      lastLogId: null,
      greatestRevisionId: 12,
      idsAscending: true,
      closed: true,
      problems: [],
      problemCount: 0,
    });
  });

  it('gives boundaries that are whole lines', async () => {
    const bytes = Buffer.from(xml);
    const texts: string[] = [];
    for (const found of await boundariesOf([bytes])) {
      if (found.kind === 'head') texts.push(bytes.toString('utf8', 0, found.end));
      if (found.kind === 'page') texts.push(bytes.toString('utf8', found.start, found.end));
      if (found.kind === 'revision')
        assert.match(
          bytes.toString('utf8', found.start, found.end),
          /^ {4}<revision>\n[\s\S]*<\/revision>\n$/,
        );
    }
    assert.deepEqual(texts, [head, first, second]);
  });

  it('gives the same whatever the cuts between chunks', async () => {
    const damaged = [
      xml,
      xml.slice(0, -20),
      xml.replace('</page>', '</pag>'),
      `${xml}x <page>`,
      `${xml}${xml}`,
    ];
    const whole = new Map<string, XmlBoundary[]>();
    for (const text of damaged) whole.set(text, await boundariesOf([Buffer.from(text)]));
    const cuts = fc.array(fc.nat(3000), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...damaged), cuts, async (text, places) => {
        assert.deepEqual(await boundariesOf(cut(text, places)), whole.get(text));
      }),
      { numRuns: 300 },
    );
    const bytewise = [...Buffer.from(xml)].map((byte) => Buffer.of(byte));
    assert.deepEqual(await boundariesOf(bytewise), whole.get(xml));
  });

  it('reads a file without the last newline, as the text pass writes it', async () => {
    const scan = await scanXml([Buffer.from(xml.trimEnd())]);
    assert.equal(scan.closed, true);
    assert.deepEqual(scan.problems, []);
  });

  it('counts log items', async () => {
    const scan = await scanXml([Buffer.from(head + logItem(4) + logItem(9) + foot)]);
    assert.deepEqual([scan.logItems, scan.firstLogId, scan.lastLogId, scan.problemCount], [2, 4, 9, 0]);
  });

  const faults: [string, string, string[]][] = [
    ['cut inside a page', xml.slice(0, head.length + 200), ['not-closed']],
    ['cut between pages', head + first, ['no-end']],
    ['pages out of order', head + second + first + foot, ['page-order']],
    ['a page twice', head + first + first + foot, ['page-order']],
    ['revisions out of order', head + page(1, revision(5) + revision(4)) + foot, ['revision-order']],
    ['a missing page id', head + first.replace('    <id>3</id>\n', '') + foot, ['id-missing']],
    [
      'an id that is no number',
      head + page(1, revision(5).replace('<id>5<', '<id>x<')) + foot,
      ['id-missing'],
    ],
    [
      'an id that is greater than any number that is exact',
      head +
        page(2 ** 53 - 1, revision(5)) +
        page(1, revision(6)).replace('<id>1<', '<id>9007199254740993<') +
        foot,
      ['id-missing'],
    ],
    ['a page lost in the middle', head + first.slice(0, 120) + second + foot, ['not-closed']],
    [
      'a piece that begins inside a page',
      head + first.slice(-30) + second + foot,
      ['not-opened', 'not-opened'],
    ],
    ['more after the end', `${xml}more`, ['after-end', 'no-end']],
    ['nothing', '', ['no-end']],
  ];
  for (const [name, text, kinds] of faults) {
    it(`tells of ${name}`, async () => {
      const scan = await scanXml([Buffer.from(text)]);
      assert.deepEqual(
        scan.problems.map((problem) => problem.kind),
        kinds,
      );
    });
  }

  it('says where a fault is', async () => {
    const scan = await scanXml([Buffer.from(head + second + first + foot)]);
    const offset = Buffer.byteLength(head + second) + first.indexOf('<id>');
    assert.deepEqual(scan.problems, [{ kind: 'page-order', offset, pageId: 3 }]);
    assert.equal(scan.idsAscending, false);
  });
});
