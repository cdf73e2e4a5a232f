import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeChunk, encodeChunk } from './chunk-codec.ts';
import type { RecordChunk } from './page-part.ts';

/** Ordinary objects, as the code under test makes them. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(model, { noNullPrototype: true });

const id = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const binary = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const sha1 = fc.constantFrom('', 'phoiac9h4m842xq45sp7s6u21eteeq1', '0123456789abcdefghijklmnopqrstu');

const slot = record({
  role: binary,
  originRevisionId: id,
  model: binary,
  sizeBytes: id,
  sha1,
  address: binary,
});

const revision = record({
  id,
  parentId: id,
  timestamp: binary,
  isMinor: fc.boolean(),
  deleted: fc.nat(15),
  sizeBytes: fc.option(id),
  sha1,
  userId: id,
  userName: binary,
  comment: binary,
  slots: fc.array(slot, { maxLength: 3 }),
  problems: fc.array(fc.constantFrom('slot-missing' as const, 'actor-missing' as const), { maxLength: 2 }),
});

const upload = record({
  name: binary,
  archiveName: fc.option(binary),
  timestamp: binary,
  userId: id,
  userName: binary,
  comment: binary,
  sizeBytes: id,
  sha1,
  deleted: fc.nat(15),
});

const partWithoutUploads = record({
  page: record({
    id,
    namespace: fc.integer({ min: -2, max: 5000 }),
    title: binary,
    isRedirect: fc.boolean(),
    latestRevisionId: id,
    redirect: fc.option(
      record({ namespace: fc.integer({ min: -2, max: 5000 }), title: binary, interwiki: binary }),
    ),
  }),
  isFirst: fc.boolean(),
  isLast: fc.boolean(),
  revisions: fc.array(revision, { maxLength: 6 }).map((list) => list.toSorted((a, b) => a.id - b.id)),
});

const part = fc
  .tuple(partWithoutUploads, fc.option(fc.array(upload, { minLength: 1, maxLength: 2 })))
  .map(([plain, uploads]) => (uploads ? { ...plain, uploads } : plain));

test('a chunk comes back as it was, whatever the bytes and however large the ids', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), id, (parts, contentBytes) => {
      const chunk: RecordChunk = {
        parts,
        revisionCount: parts.reduce((sum, p) => sum + p.revisions.length, 0),
        contentBytes,
      };
      assert.deepEqual(decodeChunk(encodeChunk(chunk).bytes), chunk);
    }),
  );
});

test('a chunk cut anywhere is refused, never read as something else', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), fc.nat(), (parts, at) => {
      const bytes = encodeChunk({ parts, revisionCount: 0, contentBytes: 0 }).bytes;
      assert.throws(() => decodeChunk(bytes.subarray(0, at % bytes.length)), RangeError);
    }),
  );
});
