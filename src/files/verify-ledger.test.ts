import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { isRotaError } from '../core/errors/rota-error.ts';
import { digestPages } from '../export/ledger/digest-pages.ts';
import { LedgerEncoder } from '../export/ledger/ledger-encoder.ts';
import { memorySource } from './testing/memory-files.ts';
import { dumpXml, type SmallPage, somePages } from './testing/small-dump.ts';
import { verifyAgainstLedger } from './verify-ledger.ts';

const pages = somePages(12, 40);

async function ledgerOf(of: readonly SmallPage[]): Promise<Buffer> {
  const encoder = new LedgerEncoder({
    wiki: 'smallwiki',
    job: 'full-dump',
    date: '20261122',
    schema: '0.11',
    mark: 999,
    revisions: false,
  });
  const frames: Buffer[] = [];
  for await (const entry of digestPages([Buffer.from(dumpXml(of))])) {
    const frame = encoder.add(entry);
    if (frame !== null) frames.push(frame);
  }
  return Buffer.concat([...frames, encoder.finish()].map((frame) => zstdDecompressSync(frame)));
}

async function verify(dump: string, ledger: Buffer) {
  const faults: string[] = [];
  const run = verifyAgainstLedger(memorySource(dump, 'dump'), memorySource(ledger, 'ledger'));
  for (;;) {
    const { value, done } = await run.next();
    if (done === true) return { faults, verdict: value };
    faults.push(`${value.kind} ${value.pageId} ${value.ledgerRevisions}/${value.revisions}`);
  }
}

describe('a dump and its ledger', () => {
  it('agree when they are of one state', async () => {
    const { faults, verdict } = await verify(dumpXml(pages), await ledgerOf(pages));
    const revisions = pages.reduce((sum, page) => sum + page.revisions.length, 0);
    assert.deepEqual(faults, []);
    assert.deepEqual([verdict.pages, verdict.revisions, verdict.faults], [12, revisions, 0]);
  });

  it('are told apart page by page, at the beginning, in the middle and at the end', async () => {
    const ledger = await ledgerOf(pages.slice(1));
    const changed = pages.slice(0, -1).flatMap((page) => {
      if (page.id === 9) return [];
      if (page.id === 12) return [{ ...page, title: 'Moved' }];
      if (page.id === 15) return [{ ...page, revisions: [...page.revisions, { id: 999 }] }];
      return [page];
    });
    const { faults, verdict } = await verify(dumpXml(changed), ledger);
    assert.deepEqual(faults, [
      'extra 3 null/1',
      'missing 9 3/null',
      'different 12 4/4',
      'different 15 1/2',
      'missing 36 4/null',
    ]);
    assert.equal(verdict.faults, 5);
  });

  it('are not called equal when one of them is cut short', async () => {
    const ledger = await ledgerOf(pages);
    await assert.rejects(verify(dumpXml(pages).slice(0, -14), ledger), (error) =>
      isRotaError(error, 'XML_DAMAGED'),
    );
    await assert.rejects(verify(dumpXml(pages), ledger.subarray(0, -2)), (error) =>
      isRotaError(error, 'LEDGER_DAMAGED'),
    );
  });
});
