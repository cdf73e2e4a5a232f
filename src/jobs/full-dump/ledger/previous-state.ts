import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { LedgerCursor } from '../../../dumping/ledger/ledger-cursor.ts';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import { openLedger } from '../../../export/ledger/read-ledger.ts';
import type { WriterOptions } from '../../../export/writer/options.ts';
import { chunkFormatVersion } from '../../../mediawiki/record/chunk-codec.ts';
import { dumpFileName } from '../../../publish/dump-catalogue/file-name.ts';
import { decodePublishedSet, publicationKey } from '../../../publish/publication/pointers.ts';
import { readCarryPlan } from '../carry/carry-plan.ts';
import { catalogued } from '../content/lanes.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { writerVersion } from '../status/manifest-of.ts';

/** Of everything that a ledger's entries follow from besides the records of their pages. */
export function printsKey(context: FullDumpContext, writer: WriterOptions): string {
  const { legacyEncoding } = wikiOf(context.services, context.run.subject);
  const { schema, siteInfo, modelFormats } = writer;
  // The answer as it came may tell the time of day, and nothing is printed from it.
  const { apiAnswer: _, ...site } = siteInfo;
  const parts = [writerVersion, chunkFormatVersion, schema, legacyEncoding, modelFormats, site];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * The state of the date that this one carries over from, at its first entry; null where there is none whose entries may be taken: then
 * all are made.
 */
export async function openPreviousState(context: FullDumpContext, key: string): Promise<LedgerCursor | null> {
  const { signal, services, run, log } = context;
  const date = (await readCarryPlan(context))?.previousDate ?? null;
  if (date === null) return null;
  const state = catalogued('state');
  const pointer = publicationKey({ job: run.job, wiki: run.subject, date, set: state.set });
  const value = await context.readPointer(pointer);
  if (typeof value !== 'string') return null;
  const name = dumpFileName(run.subject, date, state);
  const file = decodePublishedSet(pointer, value).files.find((published) => published.name === name);
  if (file === undefined) return null;
  const path = services.trees[file.audience].file(run.subject, date, name);
  try {
    if ((await sha256Of(path, signal)) !== file.digest.sha256) {
      log.warn({ wiki: run.subject }, `not carried over: ${path} fails its checksum`);
      return null;
    }
    const container = await openContainer(path, { signal, searchPath: services.searchPath });
    const ledger = await openLedger(rawBytes(container), path);
    if (ledger.head.prints === key) return await LedgerCursor.open(ledger);
    await ledger.entries().return();
    return null;
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ wiki: run.subject }, `not carried over: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { signal, highWaterMark: 1 << 20 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
