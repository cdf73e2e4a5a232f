import type { RotaError } from '../core/errors/rota-error.ts';
import type { BlockAccess, RawBlock } from '../export/containers/random/block-access.ts';
import { openAccess } from '../export/containers/random/open-access.ts';
import { xmlParts } from '../export/scanner/xml-parts.ts';
import { type DumpSource, rawBytesOf } from './dump-source.ts';
import { contentFrom } from './find/page-open-at.ts';
import { PageSearch } from './find/page-search.ts';
import { assertSound, HeadWatch, noHead, xmlDamaged } from './sound-parts.ts';

export interface PageRange {
  /** Both included. */
  readonly from: number;
  readonly to: number;
  /** Told of each page that is given. */
  readonly onPage?: (pageId: number) => void;
}

export const closingTag = Buffer.from('</mediawiki>\n');

/**
 * Head, pages of a range and foot: a complete dump of its own. Where the file can be read from its middle, only its
 * beginning and the range are read. Page ids must ascend: the reading ends behind the range. What is damaged outside of
 * head and range does no harm.
 * @throws RotaError XML_DAMAGED, ARCHIVE_DAMAGED, when the file breaks off inside of what is asked for
 */
export async function* catPages(source: DumpSource, range: PageRange): AsyncGenerator<Buffer, void, void> {
  await using access = source.path === null ? null : await openAccess({ ...source, path: source.path });
  const first = access === null || range.from <= 1 ? null : await access.firstFrom(0);
  const head = access === null || first === null ? null : await headFrom(access, first);
  // Without its head, from the start: that tells what is wrong with it.
  if (access === null || first === null || head === null) {
    return yield* pagesOf(source.name, rawBytesOf(source), range, 'with head');
  }
  const { exact, before } = await new PageSearch(access, range.from).run();
  const place = exact ?? before;
  // What lies before the first page that could be read may be in a damaged part: only reading all up to it tells.
  if (place === null) {
    return yield* pagesOf(
      source.name,
      contentFrom(access, { block: first, rawOffset: 0 }),
      range,
      'with head',
    );
  }
  yield head;
  yield* pagesOf(source.name, contentFrom(access, place), range, 'without head');
}

/** The head, where the file begins with it. */
async function headFrom(access: BlockAccess, first: RawBlock): Promise<Buffer | null> {
  for await (const part of xmlParts(contentFrom(access, { block: first, rawOffset: 0 }))) {
    return part.kind === 'head' ? part.bytes : null;
  }
  return null;
}

/** The pages and the foot: the file's own, where the reading comes to its end. */
async function* pagesOf(
  name: string,
  chunks: AsyncIterable<Buffer>,
  range: PageRange,
  which: 'with head' | 'without head',
): AsyncGenerator<Buffer, void, void> {
  let insidePage: number | null = null;
  let rawOffset = 0;
  const head = new HeadWatch();
  head.isSeen = which === 'without head';
  for await (const part of xmlParts(chunks)) {
    switch (part.kind) {
      case 'head':
        head.isSeen = true;
        if (which === 'with head') yield part.bytes;
        break;
      case 'page-open':
        if (!head.isSeen) throw xmlDamaged(name, noHead);
        if (insidePage !== null) throw notClosed(name, rawOffset, insidePage);
        if (part.pageId > range.to) return yield closingTag;
        insidePage = part.pageId >= range.from ? part.pageId : null;
        if (insidePage === null) break;
        range.onPage?.(insidePage);
        yield part.bytes;
        break;
      case 'revision':
        if (insidePage !== null) yield part.bytes;
        break;
      case 'page-close':
        // What is left of a revision that has no end stands in it, too.
        if (insidePage !== null && part.bytes.includes('<revision>'))
          throw notClosed(name, rawOffset, insidePage);
        if (insidePage !== null) yield part.bytes;
        insidePage = null;
        break;
      case 'other':
        if (insidePage === null) break;
        // The rest of a revision that was not closed.
        if (/<[a-z/]/i.test(part.bytes.toString('latin1'))) throw notClosed(name, rawOffset, insidePage);
        yield part.bytes;
        break;
      case 'foot':
        yield part.bytes;
        break;
      case 'end': {
        if (which === 'with head') return assertSound(name, part.scan, head);
        // A scan that began in the middle knows no more than whether the end came.
        const [problem] = part.scan.problems.filter(({ kind }) => kind !== 'not-opened');
        if (problem !== undefined) throw xmlDamaged(name, problem);
        return;
      }
      default:
        break;
    }
    rawOffset += part.bytes.length;
  }
}

/** @param offset in what was read: from the start of the dump, or from the first page of the range */
function notClosed(name: string, offset: number, pageId: number): RotaError {
  return xmlDamaged(name, { kind: 'not-closed', offset, pageId });
}
