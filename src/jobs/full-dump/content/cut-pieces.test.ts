import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SpoolEntry } from '../../../dumping/spool/spool-manifest.ts';
import { cutPieces } from './cut-pieces.ts';

const entry = (revisions: number, contentBytes: number): SpoolEntry => ({
  at: 0,
  length: 1,
  revisions,
  pages: 1,
  contentBytes,
  firstPage: 1,
  lastPage: 1,
});

test('an empty wiki has no pieces', () => {
  assert.deepEqual(cutPieces([], { rawBytes: 1, revisions: 1 }), []);
});

test('pieces follow one another, lose nothing, and keep to the limits unless one chunk is larger', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(50), fc.nat(50))),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 100 }),
      (sizes, rawBytes, revisions) => {
        const entries = sizes.map(([r, b]) => entry(r, b));
        const pieces = cutPieces(entries, { rawBytes, revisions });
        let next = 0;
        for (const piece of pieces) {
          assert.equal(piece.fromChunk, next);
          assert.ok(piece.toChunk > piece.fromChunk);
          next = piece.toChunk;
          const within = piece.contentBytes <= rawBytes && piece.revisions <= revisions;
          assert.ok(within || piece.toChunk - piece.fromChunk === 1);
        }
        assert.equal(next, entries.length);
        assert.equal(
          pieces.reduce((sum, p) => sum + p.revisions, 0),
          entries.reduce((sum, e) => sum + e.revisions, 0),
        );
      },
    ),
  );
});
