import { xmlParts } from '../scanner/xml-parts.ts';
import type { LedgerEntry } from './ledger-format.ts';
import { PageDigest } from './page-digest.ts';

/**
 * The ledger entries of a content dump (text-pass profile), from its XML alone. Pages without a revision are in no
 * ledger. Memory: a chunk and the largest revision.
 */
export async function* digestPages(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<LedgerEntry, void, void> {
  const digest = new PageDigest();
  let revisionCount = 0;
  for await (const part of xmlParts(chunks)) {
    if (part.kind === 'page-open') revisionCount = 0;
    else if (part.kind === 'revision') revisionCount += 1;
    else if (part.kind !== 'page-close') continue;
    digest.add(part.bytes);
    if (part.kind !== 'page-close') continue;
    const entry = { pageId: part.pageId, revisionCount, digest: digest.finish() };
    if (revisionCount > 0) yield entry;
  }
}
