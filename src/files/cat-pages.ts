import { openAccess } from '../export/containers/random/open-access.ts';
import { xmlParts } from '../export/scanner/xml-parts.ts';
import { type DumpSource, rawBytesOf } from './dump-source.ts';
import { contentFrom } from './find/page-open-at.ts';
import { PageSearch } from './find/page-search.ts';
import { assertSound, xmlDamaged } from './sound-parts.ts';

export interface PageRange {
  /** Both included. */
  readonly from: number;
  readonly to: number;
}

export const closingTag = Buffer.from('</mediawiki>\n');

/**
 * Head, pages of a range and foot: a complete dump of its own. Where the file can be read from its middle, only its
 * beginning and the range are read. Page ids must ascend: the reading ends behind the range.
 * @throws RotaError XML_DAMAGED, when the file breaks off inside of what is asked for
 */
export async function* catPages(source: DumpSource, range: PageRange): AsyncGenerator<Buffer, void, void> {
  await using access = source.path === null ? null : await openAccess({ ...source, path: source.path });
  if (access === null || range.from <= 1) {
    yield* pagesOf(source.name, rawBytesOf(source), range, 'with head');
    return;
  }
  const first = await access.firstFrom(0);
  if (first !== null) {
    for await (const part of xmlParts(contentFrom(access, { block: first, rawOffset: 0 }))) {
      if (part.kind === 'head') yield part.bytes;
      break;
    }
  }
  const { exact, before } = await new PageSearch(access, range.from).run();
  const place = exact ?? before ?? (first === null ? null : { block: first, rawOffset: 0 });
  if (place !== null) yield* pagesOf(source.name, contentFrom(access, place), range, 'without head');
}

/** The pages and the foot: the file's own, where the reading comes to its end. */
async function* pagesOf(
  name: string,
  chunks: AsyncIterable<Buffer>,
  range: PageRange,
  which: 'with head' | 'without head',
): AsyncGenerator<Buffer, void, void> {
  let isInside = false;
  for await (const part of xmlParts(chunks)) {
    switch (part.kind) {
      case 'head':
        if (which === 'with head') yield part.bytes;
        break;
      case 'page-open':
        if (part.pageId > range.to) return yield closingTag;
        isInside = part.pageId >= range.from;
        if (isInside) yield part.bytes;
        break;
      case 'revision':
        if (isInside) yield part.bytes;
        break;
      case 'page-close':
        if (isInside) yield part.bytes;
        isInside = false;
        break;
      case 'foot':
        yield part.bytes;
        break;
      case 'end': {
        if (which === 'with head') return assertSound(name, part.scan);
        // A scan that began in the middle knows no more than whether the end came.
        const [problem] = part.scan.problems.filter(({ kind }) => kind !== 'not-opened');
        if (problem !== undefined) throw xmlDamaged(name, problem);
        return;
      }
      default:
        break;
    }
  }
}
