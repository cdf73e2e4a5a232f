import { comparePositions, type Position, tailRevision } from '../../../dumping/carry/position.ts';
import type { SpoolReader } from '../../../dumping/spool/spool-reader.ts';
import type { RecordChunk } from '../../../mediawiki/record/page-part.ts';
import type { PieceCut } from './cut-pieces.ts';

/**
 * Where in the spool the first unit stands that is not before each position: positions of another date may have been
 * deleted. Those past the end, or at the same unit as another, are left out. Reads about one chunk a position.
 */
export function locateCuts(spool: SpoolReader, positions: readonly Position[]): readonly PieceCut[] {
  const cuts: PieceCut[] = [];
  for (const position of positions.toSorted(comparePositions)) {
    const chunk = firstChunkReaching(spool, position);
    const before = cuts.at(-1)?.position;
    if (chunk === null || (before && comparePositions(before, position) >= 0)) continue;
    cuts.push({ chunk, position, ...measureBefore(spool.chunk(chunk), position) });
  }
  return cuts;
}

/** The first chunk with a unit at the position or behind it. */
function firstChunkReaching(spool: SpoolReader, position: Position): number | null {
  const { entries } = spool.manifest;
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const lastPage = entries[middle]?.lastPage ?? 0;
    // Only of a chunk that ends with the very page must be read how far it goes.
    const reaches =
      lastPage === position[0]
        ? comparePositions(lastPosition(spool.chunk(middle)), position) >= 0
        : lastPage > position[0];
    if (reaches) high = middle;
    else low = middle + 1;
  }
  return low < entries.length ? low : null;
}

/** Where the first unit of a chunk stands. */
export function firstPosition(chunk: RecordChunk): Position {
  const [part] = chunk.parts;
  if (part === undefined) return [0, 0];
  return [part.page.id, part.isFirst ? 0 : (part.revisions[0]?.id ?? 0)];
}

function lastPosition(chunk: RecordChunk): Position {
  const part = chunk.parts.at(-1);
  if (part === undefined) return [0, 0];
  return [part.page.id, part.isLast ? tailRevision : (part.revisions.at(-1)?.id ?? 0)];
}

function measureBefore(
  chunk: RecordChunk,
  position: Position,
): Pick<PieceCut, 'isInside' | 'revisions' | 'contentBytes'> {
  const isInside = comparePositions(firstPosition(chunk), position) < 0;
  let revisions = 0;
  let contentBytes = 0;
  for (const part of chunk.parts) {
    for (const revision of part.revisions) {
      if (comparePositions([part.page.id, revision.id], position) >= 0) {
        return { isInside, revisions, contentBytes };
      }
      revisions += 1;
      for (const slot of revision.slots) contentBytes += slot.sizeBytes;
    }
  }
  return { isInside, revisions, contentBytes };
}
