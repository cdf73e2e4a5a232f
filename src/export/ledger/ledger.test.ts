import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { RotaError } from '../../core/errors/rota-error.ts';
import { digestPages } from './digest-pages.ts';
import { LedgerEncoder } from './ledger-encoder.ts';
import type { LedgerEntry, LedgerHead } from './ledger-format.ts';
import { PageDigest } from './page-digest.ts';
import { openLedger } from './read-ledger.ts';

const head = (revisions: boolean): LedgerHead => ({
  wiki: 'frwiki',
  job: 'changes',
  date: '20261122',
  schema: '0.11',
  mark: 77,
  revisions,
});

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array));

const rising = fc
  .array(fc.integer({ min: 1, max: 2 ** 40 }), { minLength: 1, maxLength: 20 })
  .map((steps) => {
    let at = 0;
    return steps.map((step) => {
      at += step;
      return at;
    });
  });

const details = rising.chain((ids) =>
  fc.record(
    {
      headDigest: bytes(8),
      ids: fc.constant(Float64Array.from(ids)),
      digests: bytes(8 * ids.length),
      textKeys: fc
        .array(fc.nat(0xffffffff), { minLength: ids.length, maxLength: ids.length })
        .map((keys) => Uint32Array.from(keys)),
    },
    { noNullPrototype: true },
  ),
);

const entries = rising.chain((pages) =>
  fc.tuple(
    ...pages.map((pageId) =>
      fc
        .tuple(bytes(16), details)
        .map(([digest, of]): LedgerEntry => ({ pageId, revisionCount: of.ids.length, digest, details: of })),
    ),
  ),
);

function encode(of: LedgerHead, list: readonly LedgerEntry[]): Buffer {
  const encoder = new LedgerEncoder(of);
  const frames = list.flatMap((entry) => encoder.add(entry) ?? []);
  return Buffer.concat([...frames, encoder.finish()].map((frame) => zstdDecompressSync(frame)));
}

async function* inChunks(whole: Buffer, size: number): AsyncGenerator<Buffer, void, void> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

async function read(whole: Buffer, size: number): Promise<{ head: LedgerHead; entries: LedgerEntry[] }> {
  const ledger = await openLedger(inChunks(whole, size), 'test.zst');
  const list: LedgerEntry[] = [];
  for await (const entry of ledger.entries()) list.push(entry);
  return { head: ledger.head, entries: list };
}

describe('a ledger', () => {
  it('comes back as it was written, with revisions and without, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.boolean(), fc.integer({ min: 1, max: 300 }), async (list, full, size) => {
        const back = await read(encode(head(full), list), size);
        assert.deepEqual(back.head, head(full));
        assert.deepEqual(back.entries, full ? list : list.map(({ details: _, ...entry }) => entry));
      }),
    );
  });

  it('has a print of each page where its head says so, zeros where there is none', async () => {
    await fc.assert(
      fc.asyncProperty(entries, bytes(16), fc.integer({ min: 1, max: 300 }), async (list, print, size) => {
        const printed = list.map((entry, index) => {
          const { details: of } = entry;
          return of && index % 2 === 0 ? { ...entry, details: { ...of, print } } : entry;
        });
        const back = await read(encode({ ...head(true), prints: 'key' }, printed), size);
        assert.equal(back.head.prints, 'key');
        const expected = printed.map(({ details: of, ...entry }) =>
          of === undefined ? entry : { ...entry, details: { ...of, print: of.print ?? Buffer.alloc(16) } },
        );
        assert.deepEqual(back.entries, expected);
        // And none elsewhere.
        assert.deepEqual((await read(encode(head(true), printed), size)).entries, list);
      }),
    );
  });

  it('cut anywhere, or with more behind it, is refused', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.boolean(), fc.nat(), async (list, full, at) => {
        const whole = encode(head(full), list);
        for (const broken of [
          whole.subarray(0, at % whole.length),
          Buffer.concat([whole, Buffer.alloc(1)]),
        ]) {
          await assert.rejects(
            read(broken, 64),
            (error) => error instanceof RotaError && error.code === 'LEDGER_DAMAGED',
          );
        }
      }),
    );
  });

  it('refuses pages that do not rise', () => {
    const encoder = new LedgerEncoder(head(false));
    const entry = { pageId: 3, revisionCount: 1, digest: Buffer.alloc(16) };
    encoder.add(entry);
    assert.throws(() => encoder.add(entry), RangeError);
  });
});

describe('the digest of a page', () => {
  const revision = (id: number, text: string) =>
    `    <revision>\n      <id>${id}</id>\n      <comment>a &lt;text&gt;</comment>\n      ${text}\n      <sha1>x</sha1>\n    </revision>\n`;
  const page = (texts: readonly string[]) =>
    `  <page>\n    <title>T</title>\n    <ns>0</ns>\n    <id>7</id>\n${texts.map((text, at) => revision(at + 1, text)).join('')}  </page>\n`;
  const full = page([
    '<text bytes="4" sha1="a" xml:space="preserve">one &lt;text </text>',
    '<text deleted="deleted" />',
    '<text bytes="0" sha1="e" />',
    '<text bytes="9" sha1="b" xml:space="preserve">two\n</text>',
  ]);
  const emptied = page([
    '<text bytes="4" sha1="a" />',
    '<text deleted="deleted" />',
    '<text bytes="0" sha1="e" />',
    '<text bytes="9" sha1="b" />',
  ]);

  it('is that of the page without its texts', () => {
    const digest = new PageDigest();
    digest.add(Buffer.from(full));
    const withTexts = digest.finish();
    digest.addEmptied(Buffer.from(emptied));
    assert.deepEqual(withTexts, digest.finish());
  });

  it('is found in a dump cut anywhere, with the number of revisions', async () => {
    const xml = Buffer.from(
      `<mediawiki>\n  <siteinfo>\n  </siteinfo>\n${full}  <page>\n    <title>E</title>\n    <ns>0</ns>\n    <id>8</id>\n  </page>\n${full.replace('<id>7</id>', '<id>9</id>')}</mediawiki>`,
    );
    const one = new PageDigest();
    one.addEmptied(Buffer.from(emptied));
    const expected = one.finish();
    for (let size = 1; size < 90; size++) {
      const found: LedgerEntry[] = [];
      for await (const entry of digestPages(inChunks(xml, size))) found.push(entry);
      assert.deepEqual(
        found.map(({ pageId, revisionCount }) => [pageId, revisionCount]),
        [
          [7, 4],
          [9, 4],
        ],
        `chunks of ${size}`,
      );
      assert.deepEqual(found[0]?.digest, expected);
    }
  });
});
