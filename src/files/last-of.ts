import { isRotaError } from '../core/errors/rota-error.ts';
import type { BlockAccess } from '../export/containers/random/block-access.ts';
import { openAccess } from '../export/containers/random/open-access.ts';
import { XmlScanner } from '../export/scanner/xml-scanner.ts';
import type { DumpSource } from './dump-source.ts';
import { type BlockPlace, BlockScan } from './find/block-scan.ts';
import { PageSearch } from './find/page-search.ts';

export interface LastReport {
  /** Of the last page or revision that was begun; null when there is none. */
  readonly id: number | null;
  readonly by: 'end' | 'halving' | 'scan';
  /** The file breaks off: there may have been later ones. */
  readonly isCut: boolean;
  readonly bytesRead: number | null;
}

/** So many blocks are read backward before the search for the last page begins elsewhere. */
const patience = 12;

/**
 * The last page or revision in the file, read from its end where that can be done. A revision is never far from the
 * end; the last page may have begun long before, and is then found by halving.
 */
export async function lastOf(source: DumpSource, kind: 'page' | 'revision'): Promise<LastReport> {
  await using access = source.path === null ? null : await openAccess({ ...source, path: source.path });
  if (access === null) return scanForLast(source, kind);
  const isCut = !(await endsWithFoot(access));
  let position = access.end;
  for (let read = 0; ; read += 1) {
    const block = await access.lastBefore(position);
    if (block === null) return { id: null, by: 'end', isCut, bytesRead: access.bytesRead };
    const place = await lastFrom(access, block, kind);
    if (place !== null) return { id: place.id, by: 'end', isCut, bytesRead: access.bytesRead };
    position = block.position;
    if (kind === 'page' && read === patience) break;
  }
  const { before } = await new PageSearch(access, Number.POSITIVE_INFINITY).run();
  return { id: before?.id ?? null, by: 'halving', isCut, bytesRead: access.bytesRead };
}

/** The last that begins in the block; its id may stand in the following one. */
async function lastFrom(
  access: BlockAccess,
  block: NonNullable<Awaited<ReturnType<BlockAccess['lastBefore']>>>,
  kind: 'page' | 'revision',
): Promise<BlockPlace | null> {
  const scan = new BlockScan(access, kind);
  let last = scan.take(block).at(-1) ?? null;
  let next = block;
  while (scan.isOpen) {
    const following = await scan.following(next);
    if (following === null) break;
    last = scan.take(following)[0] ?? last;
    next = following;
  }
  return last;
}

/** Whether `</mediawiki>` stands at the end; it may be cut by the border of two blocks. */
async function endsWithFoot(access: BlockAccess): Promise<boolean> {
  const last = await access.lastBefore(access.end);
  if (last === null) return false;
  const isLast = await access.after(last).then(
    (following) => following === null,
    (error: unknown) => {
      if (isRotaError(error, 'ARCHIVE_DAMAGED')) return false;
      throw error;
    },
  );
  const before = last.raw.length < 16 ? await access.lastBefore(last.position) : null;
  const tail = Buffer.concat([before?.raw ?? Buffer.alloc(0), last.raw]);
  return isLast && tail.subarray(-64).toString('latin1').trimEnd().endsWith('</mediawiki>');
}

async function scanForLast(source: DumpSource, kind: 'page' | 'revision'): Promise<LastReport> {
  let id: number | null = null;
  const note = (value: number) => {
    id = value;
  };
  const scanner = new XmlScanner(kind === 'page' ? { onPageId: note } : { onRevisionId: note });
  try {
    for await (const chunk of source.chunks()) scanner.push(chunk.bytes);
  } catch (error) {
    if (!isRotaError(error, 'ARCHIVE_DAMAGED')) throw error;
    return { id, by: 'scan', isCut: true, bytesRead: null };
  }
  return { id, by: 'scan', isCut: !scanner.finish().closed, bytesRead: null };
}
