import { RotaError } from '../core/errors/rota-error.ts';
import type { ScanHandler, XmlProblem, XmlScan } from '../export/scanner/scan-result.ts';
import { type XmlPart, xmlParts } from '../export/scanner/xml-parts.ts';
import { type DumpSource, rawBytesOf } from './dump-source.ts';

export type SoundPart = Exclude<XmlPart, { kind: 'end' }>;

/**
 * The parts of a dump, for tools that rely on them. What is damaged is told of at the end, so nothing that was made of
 * the parts may count before.
 * @throws RotaError XML_DAMAGED
 */
export async function* soundParts(source: DumpSource): AsyncGenerator<SoundPart, void, void> {
  const head = new HeadWatch();
  for await (const part of xmlParts(rawBytesOf(source))) {
    if (part.kind === 'head') head.isSeen = true;
    // What is made of the parts would be no dump, and merged, the head of another would stand in its middle.
    else if (
      !head.isSeen &&
      (part.kind === 'page-open' || part.kind === 'log-item' || part.kind === 'foot')
    ) {
      throw xmlDamaged(source.name, noHead);
    }
    if (part.kind !== 'end') yield part;
    else assertSound(source.name, part.scan, head);
  }
}

/** Whether the head was met by a scan from the start of a dump. */
export class HeadWatch {
  isSeen = false;
  readonly handler: ScanHandler = {
    onHead: () => {
      this.isSeen = true;
    },
  };
}

export const noHead: XmlProblem = { kind: 'no-head', offset: 0, pageId: null };

export function assertSound(name: string, scan: XmlScan, head: HeadWatch): void {
  const problem = scan.problems[0] ?? (head.isSeen ? undefined : noHead);
  if (problem !== undefined) throw xmlDamaged(name, problem);
}

export function xmlDamaged(name: string, problem: XmlProblem): RotaError {
  return new RotaError('XML_DAMAGED', `${name}: ${describeProblem(problem)}; see rota xml check.`, {
    facts: { file: name, ...problem },
  });
}

/** "at byte 4711 of the XML, page 12: a page or revision is not closed". */
export function describeProblem(problem: XmlProblem): string {
  const page = problem.pageId === null ? '' : `, page ${problem.pageId}`;
  return `at byte ${problem.offset} of the XML${page}: ${meanings[problem.kind]}`;
}

const meanings: Readonly<Record<XmlProblem['kind'], string>> = {
  'not-closed': 'a page or revision is not closed',
  'not-opened': 'something is closed that was not opened',
  'id-missing': 'an id is missing',
  'page-order': 'the page (or log item) id is not greater than the one before',
  'revision-order': 'the revision id is not greater than the one before in its page',
  'after-end': 'something follows </mediawiki>',
  'no-head': 'the head, which ends with </siteinfo>, is missing',
  'no-end': '</mediawiki> is missing',
};

/** The title as it stands in a page's head: escaped, one character a byte; empty where there is none. */
export function titleOf(pageOpen: Buffer): string {
  const start = pageOpen.indexOf('<title>');
  const end = pageOpen.indexOf('</title>', start);
  return start < 0 || end < 0 ? '' : pageOpen.toString('latin1', start + 7, end);
}

/** A title of the XML for people and JSON. */
export function readableTitle(escaped: string): string {
  return Buffer.from(escaped, 'latin1')
    .toString('utf8')
    .replace(/&(lt|gt|quot|#0?39|amp);/g, (whole, name: string) => characters[name] ?? whole);
}

const characters: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#039': "'",
  amp: '&',
};

/** A title as people write it, or as it stands in the XML: no title may hold an entity. Underscores are blanks. */
export function sameTitle(escaped: string, wanted: string): boolean {
  const title = wanted.replaceAll('_', ' ').trim();
  const readable = readableTitle(escaped);
  return readable === title || readable === readableTitle(Buffer.from(title).toString('latin1'));
}
