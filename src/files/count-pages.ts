import { scanXml } from '../export/scanner/scan-xml.ts';
import { xmlParts } from '../export/scanner/xml-parts.ts';
import { type DumpSource, rawBytesOf } from './dump-source.ts';
import { assertSound, HeadWatch, readableTitle, titleOf } from './sound-parts.ts';

export interface DumpCounts {
  readonly pages: number;
  readonly revisions: number;
  readonly logItems: number;
  readonly uploads: number;
  readonly rawBytes: number;
  readonly firstPageId: number | null;
  readonly lastPageId: number | null;
  readonly greatestRevisionId: number | null;
}

/** @throws RotaError XML_DAMAGED: what is counted is the whole file, or nothing */
export async function countDump(source: DumpSource): Promise<DumpCounts> {
  const head = new HeadWatch();
  const scan = await scanXml(rawBytesOf(source), head.handler);
  assertSound(source.name, scan, head);
  const { pages, revisions, logItems, uploads, rawBytes, firstPageId, lastPageId, greatestRevisionId } = scan;
  return { pages, revisions, logItems, uploads, rawBytes, firstPageId, lastPageId, greatestRevisionId };
}

export interface PageCount {
  readonly pageId: number;
  readonly revisions: number;
  /** Of the page's XML, and the greatest of its revisions'. */
  readonly rawBytes: number;
  readonly greatestRevisionBytes: number;
  readonly title: string;
}

/**
 * Page by page, as they come.
 * @throws RotaError XML_DAMAGED, at the end
 */
export async function* countPerPage(source: DumpSource): AsyncGenerator<PageCount, void, void> {
  let title = '';
  let revisions = 0;
  let rawBytes = 0;
  let greatest = 0;
  const head = new HeadWatch();
  for await (const part of xmlParts(rawBytesOf(source))) {
    switch (part.kind) {
      case 'head':
        head.isSeen = true;
        break;
      case 'page-open':
        title = readableTitle(titleOf(part.bytes));
        revisions = 0;
        greatest = 0;
        rawBytes = part.bytes.length;
        break;
      case 'revision':
        revisions += 1;
        rawBytes += part.bytes.length;
        greatest = Math.max(greatest, part.bytes.length);
        break;
      case 'page-close':
        rawBytes += part.bytes.length;
        yield { pageId: part.pageId, revisions, rawBytes, greatestRevisionBytes: greatest, title };
        break;
      case 'end':
        assertSound(source.name, part.scan, head);
        break;
      default:
        break;
    }
  }
}
