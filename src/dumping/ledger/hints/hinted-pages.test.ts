import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { LedgerEncoder } from '../../../export/ledger/ledger-encoder.ts';
import { openLedger } from '../../../export/ledger/read-ledger.ts';
import { LedgerCursor } from '../ledger-cursor.ts';
import { dueOn, hintedPages, readAgainDays } from './hinted-pages.ts';

/** A ledger of pages by id, each with a digest of its version. */
async function ledgerOf(pages: ReadonlyMap<number, number>): Promise<LedgerCursor> {
  const encoder = new LedgerEncoder({
    ...{ wiki: 'w', job: 'changes', date: '20260101', schema: '0.11', mark: 1, revisions: false },
  });
  for (const [pageId, version] of pages) {
    encoder.add({ pageId, revisionCount: 1, digest: Buffer.alloc(16, version) });
  }
  const bytes = zstdDecompressSync(encoder.finish());
  return await LedgerCursor.open(
    await openLedger(
      (async function* () {
        for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
      })(),
      'ledger',
    ),
  );
}

const ids = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 25 })
  .map((all) => all.toSorted((a, b) => a - b));
const state = fc.dictionary(fc.integer({ min: 1, max: 40 }).map(String), fc.constantFrom(1, 1, 1, 2)).map(
  (pages) =>
    new Map(
      Object.entries(pages)
        .map(([id, version]) => [Number(id), version] as const)
        .toSorted(([a], [b]) => a - b),
    ),
);

test('a page is not read only if nothing hints at it and all known states have it alike', async () => {
  await fc.assert(
    fc.asyncProperty(
      ids,
      state,
      state,
      fc.boolean(),
      ids,
      ids,
      fc.integer({ min: 1, max: 7 }),
      async (...given) => {
        const [existing, first, second, isBase, touched, named, portionSize] = given;
        const [reference, other] = [await ledgerOf(first), await ledgerOf(second)];
        const portions = Array.from({ length: Math.ceil(existing.length / portionSize) }, (_, at) =>
          existing
            .slice(at * portionSize, (at + 1) * portionSize)
            .map((id) => ({ id, isTouched: touched.includes(id) })),
        );
        const hints = {
          pages: new Set(named),
          async *touches() {
            yield* portions;
          },
        };
        const bases = isBase ? [reference, other] : [other];
        const isDue = (id: number) => id === 3;
        const found: [number, string][] = [];
        for await (const portion of hintedPages(hints, { reference, bases, isDue })) {
          for (const page of portion) {
            const id = page.kind === 'same' ? page.entry.pageId : page.id;
            found.push([id, page.kind]);
            // As whoever compares does it.
            for (const base of bases) {
              while (base.entry !== null && base.entry.pageId <= id) await base.advance();
            }
          }
        }
        const expected = existing.map((id): [number, string] => {
          const isHinted = touched.includes(id) || named.includes(id) || isDue(id);
          const isAlike = first.has(id) && first.get(id) === second.get(id);
          return [id, isHinted || !isAlike ? 'read' : 'same'];
        });
        assert.deepEqual(found, expected);
      },
    ),
  );
});

test('every page has its turn once in the round, whatever the greatest id is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.nat(), (greatest, pick) => {
      const page = 1 + (pick % greatest);
      const turns = Array.from({ length: readAgainDays }, (_, day) =>
        new Date(Date.UTC(2026, 1, 1 + day)).toISOString().slice(0, 10).replaceAll('-', ''),
      ).filter((date) => dueOn(date, greatest)(page));
      assert.equal(turns.length, 1);
    }),
  );
});
