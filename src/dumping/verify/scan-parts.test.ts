import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ZstFrameReader, zstFrame } from '../../export/containers/zst/frame.ts';
import type { XmlScan } from '../../export/scanner/scan-result.ts';
import { scanXml } from '../../export/scanner/scan-xml.ts';
import { TemporaryFolder } from '../../mediawiki/testing/temporary-folder.ts';
import { type FilePart, layoutName } from './file-layout.ts';
import { compareHash, cutParts, scanParts } from './scan-parts.ts';
import { joinScans, readLayout, type SegmentScan } from './scan-segments.ts';

const signal = new AbortController().signal;
const readers = { zst: new ZstFrameReader(), bz2: () => assert.fail('there is no bz2 file') };
const head = '<mediawiki>\n  <siteinfo>\n  </siteinfo>\n';
const foot = '</mediawiki>';

interface Unit {
  readonly page: number;
  readonly xml: string;
  readonly begins: boolean;
  readonly ends: boolean;
}

/** Heads, revisions and tails of pages with so many revisions each. */
function unitsOf(revisions: readonly number[]): Unit[] {
  let id = 0;
  return revisions.flatMap((count, at) => {
    const page = at + 1;
    const unit = (xml: string, more: Partial<Unit> = {}) => ({
      page,
      xml,
      begins: false,
      ends: false,
      ...more,
    });
    return [
      unit(`  <page>\n    <title>P</title>\n    <ns>0</ns>\n    <id>${page}</id>\n`, { begins: true }),
      ...Array.from({ length: count }, () =>
        unit(`    <revision>\n      <id>${++id}</id>\n      <text>t</text>\n    </revision>\n`),
      ),
      unit('  </page>\n', { ends: true }),
    ];
  });
}

interface Made {
  readonly path: string;
  readonly sha256: string;
  readonly parts: readonly FilePart[];
  readonly whole: string;
}

/** A file of frames, each of some units, of which some count as copied. */
function makeFile(
  path: string,
  revisions: readonly number[],
  cuts: readonly { readonly units: number; readonly copied: boolean }[],
): Made {
  const units = unitsOf(revisions);
  const parts: FilePart[] = [];
  const frames: Buffer[] = [];
  let at = 0;
  let whole = '';
  const add = (
    raw: string,
    part: Pick<FilePart, 'begun' | 'revisions' | 'whole' | 'firstPage' | 'lastPage'>,
    copied: boolean,
  ) => {
    const { bytes } = zstFrame(Buffer.from(raw));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    parts.push({ at, length: bytes.length, raw: raw.length, ...part, copied: copied ? sha256 : '' });
    frames.push(bytes);
    at += bytes.length;
    whole += raw;
  };
  const outside = { begun: 0, revisions: 0, whole: true, firstPage: 0, lastPage: 0 };
  add(head, outside, false);
  for (let from = 0, cut = 0; from < units.length; cut++) {
    const { units: count, copied } = cuts[cut % cuts.length] ?? { units: 1, copied: false };
    const taken = units.slice(from, from + count);
    from += count;
    add(
      taken.map(({ xml }) => xml).join(''),
      {
        begun: taken.filter(({ begins }) => begins).length,
        revisions: taken.filter(({ begins, ends }) => !begins && !ends).length,
        whole: taken.at(-1)?.ends === true,
        firstPage: taken[0]?.page ?? 0,
        lastPage: taken.at(-1)?.page ?? 0,
      },
      copied,
    );
  }
  add(foot, outside, false);
  const file = Buffer.concat(frames);
  writeFileSync(path, file);
  writeFileSync(layoutName(path), parts.map((part) => `${JSON.stringify(part)}\n`).join(''));
  return { path, sha256: createHash('sha256').update(file).digest('hex'), parts, whole };
}

interface Wanted {
  readonly path: string;
  readonly sha256: string;
  readonly share: number;
  readonly turn: number;
  readonly mostBytes?: number;
}

/** As it is done by several threads. */
async function scanFile({ path, sha256, mostBytes, ...read }: Wanted): Promise<XmlScan> {
  await compareHash(path, sha256, signal);
  const orders = cutParts(path, readLayout(path), read, mostBytes);
  const scans: SegmentScan[] = [];
  for (const order of orders) scans.push({ scan: await scanParts(order, readers, signal), sums: null });
  return joinScans(orders, scans) ?? assert.fail('there are no sums');
}

const cut = fc.record({ units: fc.integer({ min: 1, max: 9 }), copied: fc.boolean() });

describe('a file some of whose parts are copies', () => {
  it('is scanned as the whole of it is, however it is cut, and whatever share of the copies is read', async () => {
    using folder = new TemporaryFolder();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 }),
        fc.array(cut, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(0, 0.3, 0.5, 1),
        fc.constantFrom(1, 100, 500, 2000, 1e6),
        async (revisions, cuts, share, mostBytes) => {
          const { path, sha256, whole } = makeFile(folder.file('parts.zst'), revisions, cuts);
          const scan = await scanFile({ path, sha256, share, turn: 1, mostBytes });
          const expected = await scanXml([Buffer.from(whole)]);
          const seen = ({
            pages,
            revisions: count,
            rawBytes,
            closed,
            idsAscending,
            problems,
          }: typeof scan) => ({ pages, count, rawBytes, closed, idsAscending, problems });
          assert.deepEqual(seen(scan), seen(expected));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is refused when a byte is not as it was written, in a copy as anywhere', async () => {
    using folder = new TemporaryFolder();
    const cuts = [
      { units: 4, copied: true },
      { units: 3, copied: false },
    ];
    const { path, sha256, parts } = makeFile(folder.file('parts.zst'), [5, 5, 5], cuts);
    const copy = parts.find(({ copied }) => copied !== '');
    assert.ok(copy);
    const bytes = readFileSync(path);
    bytes[copy.at + 9] = (bytes[copy.at + 9] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const order = { path, sha256, share: 0, turn: 1 };
    await assert.rejects(scanFile(order), { code: 'VERIFICATION_FAILED' });
    appendFileSync(path, '.');
    await assert.rejects(scanFile(order), { code: 'VERIFICATION_FAILED' });
  });

  it('has each copy read at some turn, and none at all of them', async () => {
    using folder = new TemporaryFolder();
    const cuts = [{ units: 2, copied: true }];
    const made = makeFile(
      folder.file('parts.zst'),
      Array.from({ length: 30 }, () => 3),
      cuts,
    );
    // What is written instead of a copy is no XML: only who decompresses it can see that.
    const spoilt = made.parts.filter(({ copied }) => copied !== '').slice(0, 3);
    for (const part of spoilt) {
      const bytes = Buffer.from(readFileSync(made.path));
      if ('length' in part) bytes.fill(0x20, part.at + 8, part.at + part.length);
      writeFileSync(made.path, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const outcomes: boolean[] = [];
      for (let turn = 0; turn < 4; turn++) {
        const order = { path: made.path, sha256, share: 0.25, turn };
        outcomes.push(
          await scanFile(order).then(
            () => true,
            () => false,
          ),
        );
      }
      makeFile(
        made.path,
        Array.from({ length: 30 }, () => 3),
        cuts,
      );
      assert.equal(outcomes.filter((isFine) => !isFine).length, 1);
    }
  });
});
