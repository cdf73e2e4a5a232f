import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BundleCutter } from './bundle-cutter.ts';

interface Bundle {
  readonly bytes: number;
  readonly whole: boolean;
  readonly pagesEnded: number;
}

/** Feeds pages (lists of revision lengths) through a cutter, as a lane does; the last bundle is what is left. */
function cutAll(
  pages: readonly (readonly number[])[],
  limits: { rawBytes: number; pages: number },
): Bundle[] {
  const cutter = new BundleCutter(limits);
  const bundles: Bundle[] = [];
  let length = 0;
  let ends: number[] = [];
  const boundary = (kind: 'revision' | 'page') => {
    if (kind === 'page') ends.push(length);
    for (
      let cut = cutter.boundary(length, kind);
      cut;
      cut = length > 0 ? cutter.boundary(length, kind) : null
    ) {
      const at = cut.bytes;
      bundles.push({ ...cut, pagesEnded: ends.filter((end) => end <= at).length });
      ends = ends.filter((end) => end > at).map((end) => end - at);
      length -= at;
    }
  };
  for (const page of pages) {
    length += 10;
    for (const revision of page) {
      length += revision;
      boundary('revision');
    }
    length += 5;
    boundary('page');
  }
  if (length > 0) bundles.push({ bytes: length, whole: true, pagesEnded: ends.length });
  return bundles;
}

test('whole pages stay together while they fit', () => {
  assert.deepEqual(
    cutAll([[30], [30], [30]], { rawBytes: 100, pages: 100 }).map((b) => [b.bytes, b.whole]),
    [
      [90, true],
      [45, true],
    ],
  );
});

test('a page larger than a bundle is cut between its revisions', () => {
  const bundles = cutAll([[60, 60, 60]], { rawBytes: 100, pages: 100 });
  assert.deepEqual(
    bundles.map((b) => [b.bytes, b.whole]),
    [
      [70, false],
      [60, false],
      [65, true],
    ],
  );
});

test('a bundle ends after so many pages', () => {
  const bundles = cutAll(Array(7).fill([1]), { rawBytes: 10_000, pages: 3 });
  assert.deepEqual(
    bundles.map((b) => b.pagesEnded),
    [3, 3, 1],
  );
});

test('nothing is lost, limits hold, and `whole` is true only at the end of a page', () => {
  const page = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(page, { maxLength: 30 }), fc.integer({ min: 1, max: 10 }), (pages, pageLimit) => {
      const bundles = cutAll(pages, { rawBytes: 400, pages: pageLimit });
      const total = pages.reduce((sum, p) => sum + 15 + p.reduce((a, b) => a + b, 0), 0);
      assert.equal(
        bundles.reduce((sum, b) => sum + b.bytes, 0),
        total,
      );
      const pageEnds = new Set<number>();
      let at = 0;
      for (const p of pages) {
        at += 15 + p.reduce((a, b) => a + b, 0);
        pageEnds.add(at);
      }
      let end = 0;
      for (const bundle of bundles) {
        end += bundle.bytes;
        assert.equal(bundle.whole, pageEnds.has(end));
        assert.ok(bundle.pagesEnded <= pageLimit);
        assert.ok(bundle.bytes <= 400 + 15, 'no revision here is larger than a bundle');
      }
    }),
  );
});
