import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SplitSegment } from '../../../dumping/piece/piece-spec.ts';
import { planParts } from './plan-parts.ts';

const segment = (lastPage: number, rawBytes: number, pages = 1, whole = true): SplitSegment => ({
  lastPage,
  rawBytes,
  pages,
  whole,
});
const bytes = (maxRawBytes: number) => ({ maxRawBytes, maxPages: null });
const ranges = (parts: ReturnType<typeof planParts>) => parts.map((p) => [p.firstPageId, p.lastPageId]);

test('parts are filled up to the limit, head and foot included', () => {
  const segments = [segment(3, 40), segment(5, 40), segment(9, 40), segment(10, 100), segment(12, 5)];
  const options = { limits: bytes(100), frameBytes: 20, cuts: [], greatestPageId: 15 };
  assert.deepEqual(ranges(planParts(segments, options)), [
    [1, 5],
    [6, 9],
    [10, 10],
    [11, 15],
  ]);
});

test('pages are a limit, too', () => {
  const segments = [1, 2, 3, 4, 5].map((id) => segment(id, 10));
  const options = {
    limits: { maxRawBytes: null, maxPages: 2 },
    frameBytes: 0,
    cuts: [],
    greatestPageId: 5,
  };
  assert.deepEqual(ranges(planParts(segments, options)), [
    [1, 2],
    [3, 4],
    [5, 5],
  ]);
});

test('no cut within a page that two pieces share', () => {
  const segments = [segment(1, 60), segment(2, 60, 1, false), segment(2, 60, 0), segment(3, 60)];
  const options = { limits: bytes(100), frameBytes: 0, cuts: [], greatestPageId: 3 };
  assert.deepEqual(ranges(planParts(segments, options)), [
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
});

test('parts that are taken over keep their ranges, full, over-full or empty', () => {
  const segments = [segment(2, 900), segment(11, 10), segment(25, 80), segment(30, 80)];
  const options = { limits: bytes(100), frameBytes: 0, cuts: [5, 10, 20], greatestPageId: 31 };
  assert.deepEqual(ranges(planParts(segments, options)), [
    [1, 5],
    [6, 10],
    [11, 20],
    [21, 25],
    [26, 31],
  ]);
});

test('nothing behind what is taken over makes no part; an empty wiki has one', () => {
  const options = { limits: bytes(100), frameBytes: 0, cuts: [5], greatestPageId: 4 };
  assert.deepEqual(ranges(planParts([segment(4, 10)], options)), [[1, 5]]);
  assert.deepEqual(ranges(planParts([], { ...options, cuts: [], greatestPageId: 0 })), [[1, 1]]);
});

test('parts cover all pages once and in order, keep what is taken over, and keep to the limits', () => {
  const piece = fc.record({
    step: fc.integer({ min: 1, max: 9 }),
    rawBytes: fc.integer({ min: 1, max: 60 }),
    pages: fc.integer({ min: 0, max: 4 }),
  });
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 10 }),
      (pieces, steps, maxRawBytes, maxPages) => {
        let id = 0;
        const cuts = steps.map((step) => {
          id += step;
          return id;
        });
        let page = 0;
        const segments = pieces.flatMap(({ step, rawBytes, pages }) => {
          const before = page;
          page += step;
          // As the meter does: no segment lies across a cut that is known.
          return cuts.some((cut) => cut > before && cut < page) ? [] : [segment(page, rawBytes, pages)];
        });
        const limits = { maxRawBytes, maxPages };
        const parts = planParts(segments, { limits, frameBytes: 7, cuts, greatestPageId: page });
        assert.equal(parts[0]?.firstPageId, 1);
        for (const [index, part] of parts.entries()) {
          assert.ok(part.lastPageId >= part.firstPageId);
          assert.equal(part.firstPageId, (parts[index - 1]?.lastPageId ?? 0) + 1);
          const inside = segments.filter(
            (s) => s.lastPage >= part.firstPageId && s.lastPage <= part.lastPageId,
          );
          if (index < cuts.length) {
            assert.equal(part.lastPageId, cuts[index]);
            continue;
          }
          const rawBytes = inside.reduce((sum, s) => sum + s.rawBytes, 7);
          const pages = inside.reduce((sum, s) => sum + s.pages, 0);
          assert.ok(inside.length === 1 || (rawBytes <= maxRawBytes && pages <= maxPages) || page === 0);
        }
        const last = parts.at(-1)?.lastPageId ?? 0;
        for (const s of segments) {
          const holders = parts.filter((p) => s.lastPage >= p.firstPageId && s.lastPage <= p.lastPageId);
          assert.equal(holders.length, 1, `page ${s.lastPage} of ${last}`);
        }
        // The next date takes over all parts but the last, and on the same pages gives the same parts.
        const inherited = parts.slice(0, -1).map((part) => part.lastPageId);
        if (inherited.length >= cuts.length) {
          const again = planParts(segments, {
            limits,
            frameBytes: 7,
            cuts: inherited,
            greatestPageId: page,
          });
          assert.deepEqual(again, parts);
        }
      },
    ),
  );
});
