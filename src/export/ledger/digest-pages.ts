import { xmlElements } from '../scanner/xml-elements.ts';
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
  for await (const element of xmlElements(chunks)) {
    if (element.kind === 'head' || element.kind === 'foot') continue;
    if (element.kind === 'page') revisionCount = 0;
    else if (element.kind === 'revision') revisionCount += 1;
    digest.add(element.bytes);
    if (element.kind !== 'page-end') continue;
    const entry = { pageId: element.pageId, revisionCount, digest: digest.finish() };
    if (revisionCount > 0) yield entry;
  }
}
