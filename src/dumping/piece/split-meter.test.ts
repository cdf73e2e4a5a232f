import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PagePart } from '../../mediawiki/record/page-part.ts';
import { BundleContents, type TakenContents } from './bundle-contents.ts';
import { type MeteredLane, SplitMeter } from './split-meter.ts';

/** A part of a page, as far as the meter looks. */
function part(id: number, isFirst = true, isLast = true): PagePart {
  const page = { id, namespace: 0, title: '', isRedirect: false, latestRevisionId: 0, redirect: null };
  return { page, isFirst, isLast, revisions: [] };
}

/** A lane whose bundles are pages, ended as often as its own size asks for, and wherever the meter wants. */
class PageLane implements MeteredLane {
  readonly isCopying = false;
  readonly bundles: TakenContents[] = [];
  readonly #contents = new BundleContents();
  readonly #limit: number;
  #length = 0;
  #before = 0;
  #pages = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get given() {
    return { rawBytes: this.#before + this.#length, pages: this.#pages };
  }

  page(id: number, bytes: number): void {
    this.#contents.begin(this.#length, id, '');
    this.#pages += 1;
    this.#length += bytes;
    this.#contents.revisionEnded(this.#length);
    if (this.#length >= this.#limit) this.endBundle();
  }

  endBundle(): void {
    if (this.#length === 0) return;
    this.bundles.push(this.#contents.take(this.#length, true));
    this.#before += this.#length;
    this.#length = 0;
  }
}

test('no bundle of any lane lies across a known cut or the end of a segment, and nothing is lost', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ step: fc.integer({ min: 1, max: 5 }), bytes: fc.integer({ min: 1, max: 50 }) }), {
        maxLength: 60,
      }),
      fc.uniqueArray(fc.integer({ min: 1, max: 150 }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 20 }),
      (pages, cutPages, everyRawBytes, everyPages) => {
        const cuts = cutPages.toSorted((a, b) => a - b);
        // The second lane has every other page only, in bundles of another size.
        const lanes = [new PageLane(70), new PageLane(400)] as const;
        const meter = new SplitMeter({ group: 'history', cuts, everyRawBytes, everyPages }, lanes);
        let id = 0;
        for (const { step, bytes } of pages) {
          id += step;
          meter.before(part(id));
          lanes[0].page(id, bytes);
          if (id % 2 === 0) lanes[1].page(id, bytes);
          meter.after(part(id));
        }
        meter.finish();
        const places = [...cuts, ...meter.segments.map((segment) => segment.lastPage)];
        for (const { firstPage, lastPage } of lanes.flatMap((lane) => lane.bundles)) {
          for (const place of places) assert.ok(!(firstPage <= place && place < lastPage));
        }
        const sum = (of: (segment: { rawBytes: number; pages: number }) => number) =>
          meter.segments.reduce((total, segment) => total + of(segment), 0);
        assert.equal(
          sum((s) => s.rawBytes),
          lanes[0].given.rawBytes,
        );
        assert.equal(
          sum((s) => s.pages),
          pages.length,
        );
        assert.ok(meter.segments.every((s) => s.whole && s.rawBytes < everyRawBytes + 50));
        assert.equal(
          lanes[0].bundles.reduce((total, bundle) => total + bundle.begun.length, 0),
          pages.length,
        );
      },
    ),
  );
});

test('a piece that ends within a page says that no file can be cut there', () => {
  const lane = new PageLane(1000);
  const meter = new SplitMeter({ group: 'current', cuts: [], everyRawBytes: 10, everyPages: 99 }, [lane]);
  meter.before(part(1));
  lane.page(1, 20);
  meter.after(part(1));
  meter.before(part(2, true, false));
  lane.page(2, 5);
  meter.after(part(2, true, false));
  meter.finish();
  assert.deepEqual(meter.segments, [
    { lastPage: 1, rawBytes: 20, pages: 1, whole: true },
    { lastPage: 2, rawBytes: 5, pages: 1, whole: false },
  ]);
});

test('a bundle knows its pages, those too that began before it or go on after it', () => {
  const contents = new BundleContents();
  contents.continue(7);
  contents.revisionEnded(10);
  contents.begin(15, 8, 'B');
  contents.revisionEnded(30);
  contents.continue(8);
  contents.revisionEnded(40);
  contents.begin(50, 9, 'C');
  contents.revisionEnded(60);
  const counts = ({ begun, ...taken }: TakenContents) => ({ ...taken, begun: begun.map((page) => page.id) });
  assert.deepEqual(counts(contents.take(30, false)), {
    firstPage: 7,
    lastPage: 8,
    revisions: 2,
    begun: [8],
  });
  assert.deepEqual(counts(contents.take(20, true)), { firstPage: 8, lastPage: 8, revisions: 1, begun: [] });
  assert.deepEqual(counts(contents.take(15, true)), { firstPage: 9, lastPage: 9, revisions: 1, begun: [9] });
});
