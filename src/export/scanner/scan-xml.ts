import type { ScanHandler, ScannedItem, ScannedPage, XmlScan } from './scan-result.ts';
import { XmlScanner } from './xml-scanner.ts';

type Chunks = AsyncIterable<Buffer> | Iterable<Buffer>;

/** Counts and checks export XML that comes in chunks cut anywhere; memory: 32 bytes beside the chunk. */
export async function scanXml(chunks: Chunks, handler: ScanHandler = {}): Promise<XmlScan> {
  const scanner = new XmlScanner(handler);
  for await (const chunk of chunks) scanner.push(chunk);
  return scanner.finish();
}

export type XmlBoundary =
  | { readonly kind: 'head'; readonly end: number }
  | ({ readonly kind: 'page' } & ScannedPage)
  | ({ readonly kind: 'revision' } & ScannedItem)
  | ({ readonly kind: 'log-item' } & ScannedItem)
  | { readonly kind: 'end'; readonly scan: XmlScan };

/**
 * Where the head, pages, revisions and log items of export XML begin and end, as they are found, and at last the
 * whole scan. A page comes after its revisions. Memory: the boundaries of one chunk.
 */
export async function* xmlBoundaries(chunks: Chunks): AsyncGenerator<XmlBoundary, void, void> {
  let found: XmlBoundary[] = [];
  const scanner = new XmlScanner({
    onHead: (end) => found.push({ kind: 'head', end }),
    onPage: (page) => found.push({ kind: 'page', ...page }),
    onRevision: (revision) => found.push({ kind: 'revision', ...revision }),
    onLogItem: (item) => found.push({ kind: 'log-item', ...item }),
  });
  for await (const chunk of chunks) {
    scanner.push(chunk);
    yield* found;
    found = [];
  }
  const scan = scanner.finish();
  yield* found;
  yield { kind: 'end', scan };
}
