import { resolve } from 'node:path';
import { isRotaError, RotaError } from '../../core/errors/rota-error.ts';
import { Bz2BlockFile } from '../../export/containers/bz2/decode/block-file.ts';
import { headerBits } from '../../export/containers/bz2/layout.ts';
import { type IndexEntry, parseIndexLine } from '../../export/containers/bz2/multistream.ts';
import type { BlockAccess, RawBlock } from '../../export/containers/random/block-access.ts';
import { Bz2Access, placedBlock } from '../../export/containers/random/bz2-access.ts';
import { openAccess } from '../../export/containers/random/open-access.ts';
import { xmlParts } from '../../export/scanner/xml-parts.ts';
import { type DumpSource, rawBytesOf } from '../dump-source.ts';
import { readablePieces } from '../repair/readable-pieces.ts';
import { readableTitle, sameTitle, titleOf } from '../sound-parts.ts';
import { type BlockPlace, BlockScan } from './block-scan.ts';
import { pageOpenAt } from './page-open-at.ts';
import { PageSearch } from './page-search.ts';

export interface FoundPage {
  readonly pageId: number;
  readonly title: string;
  /** How it was found. */
  readonly by: 'halving' | 'index' | 'scan';
  /** Where the block begins in which the page begins; null where the file was read from its start. */
  readonly fileOffset: number | null;
  readonly bit: number | null;
  /** Where in the block's content the page begins; after a scan, where in the whole content. */
  readonly rawOffset: number;
  /** Bytes of the file that were read; null after a scan, which reads up to the page. */
  readonly bytesRead: number | null;
}

/** What is looked for. */
export type Wanted = { readonly id: number } | { readonly title: string };

/**
 * Finds a page by its id, by halving where the file can be read from its middle, else by reading it from the start.
 * @throws RotaError PAGE_NOT_FOUND
 */
export async function findPageById(source: DumpSource, id: number): Promise<FoundPage> {
  await using access = source.path === null ? null : await openAccess({ ...source, path: source.path });
  if (access === null) return scanForPage(source, { id });
  const { exact, before, passedDamage } = await new PageSearch(access, id).run();
  if (exact === null) {
    const isDamaged = passedDamage || !(await isReadUpTo(access, before?.block ?? null, id));
    const damage = isDamaged ? ' in what could be read of it; parts of it are damaged' : '';
    throw notFound(source.name, { id }, damage, access.bytesRead);
  }
  const open = await pageOpenAt(access, exact);
  const { fileOffset, bit } = exact.block;
  return {
    pageId: id,
    title: readableTitle(titleOf(open)),
    by: 'halving',
    fileOffset,
    bit,
    rawOffset: exact.rawOffset,
    bytesRead: access.bytesRead,
  };
}

/**
 * Whether everything can be read from a block (null: the start of the file) up to a page behind the one of the id. The
 * search leaps over what is damaged, and does not see it.
 */
async function isReadUpTo(access: BlockAccess, from: RawBlock | null, id: number): Promise<boolean> {
  const scan = new BlockScan(access, 'page');
  let block = from ?? (await access.firstFrom(0));
  if (block === null || (from === null && !block.raw.includes('<mediawiki'))) return false;
  for (; block !== null; block = await scan.following(block)) {
    if (scan.passedDamage) return false;
    if (scan.take(block).some((place) => place.id > id)) return true;
  }
  return !scan.passedDamage;
}

/**
 * Finds a page by its title in the index of a multistream file.
 * @param source a bz2 file
 * @throws RotaError PAGE_NOT_FOUND, INDEX_MISMATCH
 */
export async function findPageByIndex(
  source: DumpSource,
  index: DumpSource,
  title: string,
): Promise<FoundPage> {
  const entry = await lookUp(index, title);
  if (entry === null) throw notFound(source.name, { title }, ` in the index ${index.name}`);
  const mismatch = (what: string) =>
    new RotaError(
      'INDEX_MISMATCH',
      `${index.name} says that page ${entry.id} is in the stream at byte ${entry.offset} of ${source.name}, but ${what}; ` +
        'use the index of the same dump.',
      { facts: { file: source.name, index: index.name, ...entry } },
    );
  if (source.path === null || source.format !== 'bz2') throw mismatch('that is no bz2 file');
  await using file = await Bz2BlockFile.open(source.path);
  const place = await pageInStream(file, entry);
  if (place === null) throw mismatch('it is not there');
  await using access = await Bz2Access.open(source.path);
  const there = titleOf(await pageOpenAt(access, place));
  // The index of another date may name a stream that has a page of that id.
  if (!sameTitle(there, title))
    throw mismatch(`there that page is called ${JSON.stringify(readableTitle(there))}`);
  return {
    pageId: entry.id,
    title: readableTitle(there),
    by: 'index',
    fileOffset: Math.floor(place.block.position / 8),
    bit: place.block.position % 8,
    rawOffset: place.rawOffset,
    bytesRead: file.bytesRead + access.bytesRead,
  };
}

/** Reads one stream, which holds few blocks. */
async function pageInStream(file: Bz2BlockFile, entry: IndexEntry): Promise<BlockPlace | null> {
  const scan = new BlockScan(null, 'page');
  for await (const step of file.walk({ from: entry.offset * 8 + headerBits })) {
    if (step.kind !== 'block') return null;
    const found = scan.take(placedBlock(step.block)).find((place) => place.id === entry.id);
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * Reads the file from its start, up to damage.
 * @throws RotaError PAGE_NOT_FOUND, ARCHIVE_DAMAGED
 */
export async function scanForPage(source: DumpSource, wanted: Wanted): Promise<FoundPage> {
  try {
    const found = await scan(rawBytesOf(source), wanted);
    if (found !== null) return found;
  } catch (error) {
    if (!isRotaError(error, 'ARCHIVE_DAMAGED')) throw error;
    // Programs that decompress may give nothing of what stands before the damage.
    const found = await scan(upToDamage(source), wanted);
    if (found === null) throw error;
    return found;
  }
  throw notFound(source.name, wanted, '');
}

async function* upToDamage(source: DumpSource): AsyncGenerator<Buffer, void, void> {
  // Standard input cannot be read twice.
  if (source.path === null) return;
  for await (const piece of readablePieces(source, new AbortController().signal)) {
    if (piece.kind === 'gap') return;
    yield piece.bytes;
  }
}

async function scan(chunks: AsyncIterable<Buffer>, wanted: Wanted): Promise<FoundPage | null> {
  let rawOffset = 0;
  for await (const part of xmlParts(chunks)) {
    if (part.kind === 'end') break;
    if (part.kind === 'page-open') {
      const title = titleOf(part.bytes);
      const isIt = 'id' in wanted ? part.pageId === wanted.id : sameTitle(title, wanted.title);
      const facts = { fileOffset: null, bit: null, rawOffset, bytesRead: null };
      if (isIt) return { pageId: part.pageId, title: readableTitle(title), by: 'scan', ...facts };
    }
    rawOffset += part.bytes.length;
  }
  return null;
}

/** The name that the index of a multistream file has in the field, beside it; null for other names. */
export function indexNameOf(path: string): string | null {
  const match = /^(.*-multistream)(\d*)\.xml(-p\d+p\d+)?\.bz2$/.exec(path);
  return match === null ? null : resolve(`${match[1]}-index${match[2]}.txt${match[3] ?? ''}.bz2`);
}

async function lookUp(index: DumpSource, title: string) {
  let rest = '';
  for await (const bytes of rawBytesOf(index)) {
    const lines = (rest + bytes.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const entry = parseIndexLine(line);
      if (entry !== null && sameTitle(entry.title, title)) return entry;
    }
  }
  return null;
}

function notFound(file: string, wanted: Wanted, where: string, bytesRead?: number): RotaError {
  const what = 'id' in wanted ? `page ${wanted.id}` : `page ${JSON.stringify(wanted.title)}`;
  return new RotaError('PAGE_NOT_FOUND', `${file} has no ${what}${where}.`, {
    facts: { file, ...wanted, ...(bytesRead === undefined ? {} : { bytesRead }) },
  });
}
