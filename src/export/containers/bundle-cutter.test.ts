import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BundleCutter, type BundleRule, type Segment } from './bundle-cutter.ts';

const rule: BundleRule = { targetBytes: 100, maxPages: 3, preferWholePages: true };

function cut(segments: readonly Segment[], by: BundleRule = rule): Segment[][] {
  const cutter = new BundleCutter(by);
  const counts = [...segments.flatMap((segment) => [...cutter.add(segment)]), ...cutter.finish()];
  let at = 0;
  return counts.map((count) => {
    at += count;
    return segments.slice(at - count, at);
  });
}

const page = (...lengths: number[]): Segment[] =>
  lengths.map((rawBytes, i) => ({ rawBytes, startsPage: i === 0 }));
const lengths = (bundles: Segment[][]) => bundles.map((bundle) => bundle.map((segment) => segment.rawBytes));

describe('bundles', () => {
  it('are filled with whole pages up to the target', () => {
    assert.deepEqual(lengths(cut([...page(40), ...page(50), ...page(20), ...page(70)])), [
      [40, 50],
      [20, 70],
    ]);
  });

  it('hold at most so many pages', () => {
    assert.deepEqual(lengths(cut([page(1), page(1), page(1), page(1)].flat())), [[1, 1, 1], [1]]);
  });

  it('end before a page that would be cut', () => {
    assert.deepEqual(lengths(cut([...page(40), ...page(30, 20, 20)])), [[40], [30, 20, 20]]);
  });

  it('cut a page that is longer than the target between revisions, and the next page follows its rest', () => {
    assert.deepEqual(lengths(cut([...page(40), ...page(60, 60, 30, 5), ...page(5)])), [
      [40],
      [60],
      [60, 30, 5, 5],
    ]);
  });

  it('leave a revision that is longer than the target whole and alone', () => {
    assert.deepEqual(lengths(cut([...page(10, 250, 10), ...page(300)])), [[10], [250], [10], [300]]);
  });

  it('cut anywhere between revisions when whole pages do not matter', () => {
    const anywhere = { ...rule, preferWholePages: false };
    assert.deepEqual(lengths(cut([...page(40), ...page(30, 20, 20)], anywhere)), [[40, 30, 20], [20]]);
  });

  it('always keep every segment, the limits, and pages that fit', () => {
    const pages = fc.array(fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 6 }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(pages, (all) => {
        const segments = all.flatMap((one) => page(...one));
        const bundles = cut(segments);
        assert.deepEqual(bundles.flat(), segments);
        for (const bundle of bundles) {
          const bytes = bundle.reduce((sum, segment) => sum + segment.rawBytes, 0);
          assert.ok(bytes <= 100 || bundle.length === 1);
          assert.ok(bundle.length > 0 && bundle.filter((s, i) => s.startsPage || i === 0).length <= 3);
        }
        for (const bundle of bundles.slice(1)) {
          if (bundle[0]?.startsPage === true) continue;
          const start = bundle[0] === undefined ? -1 : segments.indexOf(bundle[0]);
          const pageStart = segments.findLastIndex((segment, i) => i < start && segment.startsPage);
          const rest = segments.findIndex((segment, i) => i > start && segment.startsPage);
          const whole = segments.slice(pageStart, rest < 0 ? undefined : rest);
          assert.ok(
            whole.reduce((sum, segment) => sum + segment.rawBytes, 0) > 100,
            'a page that fits was cut',
          );
        }
      }),
    );
  });
});
