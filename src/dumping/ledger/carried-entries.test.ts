import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { LedgerEncoder } from '../../export/ledger/ledger-encoder.ts';
import type { LedgerEntry, LedgerHead } from '../../export/ledger/ledger-format.ts';
import { openLedger } from '../../export/ledger/read-ledger.ts';
import { noPrint } from '../../mediawiki/record/page-print.ts';
import { noRedactions, type Redactions } from '../piece/piece-spec.ts';
import { CarriedEntries } from './carried-entries.ts';
import { LedgerCursor } from './ledger-cursor.ts';

const head: LedgerHead = {
  ...{ wiki: 'frwiki', job: 'full-dump', date: '20261122', schema: '0.11', mark: 77 },
  ...{ revisions: true, users: true, prints: 'key' },
};
const printOf = (page: number): Buffer => Buffer.alloc(16, page);

/** Pages 2, 4 and 6; page 4 has no print. */
function entryOf(pageId: number): LedgerEntry {
  const details = {
    headDigest: Buffer.alloc(8, pageId),
    print: pageId === 4 ? noPrint : printOf(pageId),
    ids: Float64Array.of(pageId * 10, pageId * 10 + 1),
    digests: Buffer.alloc(16, pageId),
    textKeys: Uint32Array.of(pageId, 0),
  };
  return { pageId, revisionCount: 2, digest: Buffer.alloc(16, pageId), details };
}

async function before(): Promise<LedgerCursor> {
  const encoder = new LedgerEncoder(head);
  encoder.endUsers();
  for (const page of [2, 4, 6]) encoder.add(entryOf(page));
  const bytes = zstdDecompressSync(encoder.finish());
  async function* chunks(): AsyncGenerator<Buffer, void, void> {
    yield bytes;
  }
  return await LedgerCursor.open(await openLedger(chunks(), 'test.zst'));
}

async function carried(redactions: Redactions = noRedactions): Promise<(number | null)[]> {
  const entries = new CarriedEntries(await before(), redactions);
  const found: (number | null)[] = [];
  for (const pageId of [1, 2, 2, 3, 4, 6, 7]) {
    const entry = await entries.entryOf({ pageId, print: pageId === 4 ? noPrint : printOf(pageId) });
    if (entry !== null) assert.deepEqual(entry, entryOf(pageId));
    found.push(entry?.pageId ?? null);
  }
  return found;
}

describe('entries of the date before', () => {
  it('are given for pages with the same print, as they were, however often they are asked for', async () => {
    assert.deepEqual(await carried(), [null, 2, 2, null, null, 6, null]);
  });

  it('are not given where the print is another', async () => {
    const entries = new CarriedEntries(await before(), noRedactions);
    assert.equal(await entries.entryOf({ pageId: 2, print: printOf(3) }), null);
    assert.equal((await entries.entryOf({ pageId: 6, print: printOf(6) }))?.pageId, 6);
  });

  it('are not given of pages that are gone, or of which a revision is gone or hidden', async () => {
    assert.deepEqual(await carried({ ...noRedactions, gonePages: [2] }), [
      null,
      null,
      null,
      null,
      null,
      6,
      null,
    ]);
    assert.deepEqual(await carried({ ...noRedactions, goneRevisions: [61] }), [
      null,
      2,
      2,
      null,
      null,
      null,
      null,
    ]);
    assert.deepEqual(await carried({ ...noRedactions, hiddenRevisions: { 20: 1 } }), [
      null,
      null,
      null,
      null,
      null,
      6,
      null,
    ]);
  });
});
