import type { Position } from '../../../dumping/carry/position.ts';
import type { SpoolEntry } from '../../../dumping/spool/spool-manifest.ts';

/** A range of the spool's chunks, half open. */
export interface PieceRange {
  /** Pieces are numbered in the order of the spool. */
  readonly index: number;
  readonly fromChunk: number;
  readonly toChunk: number;
  /** Where the piece begins and ends inside its first and last chunk; null: with the chunk. */
  readonly from: Position | null;
  readonly to: Position | null;
  readonly revisions: number;
  readonly contentBytes: number;
}

/** A place where the date before began a piece, found in this date's spool. */
export interface PieceCut {
  readonly chunk: number;
  readonly position: Position;
  /** Something of the chunk lies before the position. */
  readonly isInside: boolean;
  /** Of the chunk, what lies before the position. */
  readonly revisions: number;
  readonly contentBytes: number;
}

export interface PieceLimits {
  readonly rawBytes: number;
  readonly revisions: number;
}

/** A place between two pieces, with how much lies before it in the whole spool. */
interface Border {
  readonly chunk: number;
  readonly position: Position | null;
  readonly isInside: boolean;
  readonly revisions: number;
  readonly contentBytes: number;
}

/**
 * Cuts the spool into pieces. Without cuts of a date before: as many consecutive chunks as fit, at least one. With them
 * pieces begin where they did, so that their bundles are the same; one that has grown above twice the limits is cut in
 * itself, and one below a quarter goes with the next. The same spool, limits and cuts always give the same pieces, so a
 * resumed run finds those that are done.
 */
export function cutPieces(
  entries: readonly SpoolEntry[],
  limits: PieceLimits,
  cuts: readonly PieceCut[] = [],
): readonly PieceRange[] {
  const ends = sums(entries);
  const at = (chunk: number): Border => {
    const { revisions, contentBytes } = ends[chunk] ?? { revisions: 0, contentBytes: 0 };
    return { chunk, position: null, isInside: false, revisions, contentBytes };
  };
  const borders: Border[] = [at(0)];
  for (const cut of cuts) {
    const chunk = at(cut.chunk);
    const border: Border = {
      chunk: cut.chunk,
      position: cut.position,
      isInside: cut.isInside,
      revisions: chunk.revisions + cut.revisions,
      contentBytes: chunk.contentBytes + cut.contentBytes,
    };
    if (!isBelow(borders.at(-1) ?? at(0), border, limits, 1 / 4)) borders.push(border);
  }
  const last = at(entries.length);
  const all = [
    ...borders.flatMap((from, index) => parted(from, borders[index + 1] ?? last, limits, at)),
    last,
  ];
  return all.slice(1).map((to, index) => range(index, all[index] ?? at(0), to));
}

/** A border, and those that must follow before the next. */
function parted(from: Border, to: Border, limits: PieceLimits, at: (chunk: number) => Border): Border[] {
  if (from.chunk === to.chunk && !to.isInside && to.position === null) return [];
  const isWhole = from.position === null && to.position === null;
  if (isBelow(from, to, limits, isWhole ? 1 : 2)) return [from];
  const borders = [from];
  for (let chunk = from.chunk + 1; chunk < to.chunk; chunk++) {
    const open = borders.at(-1) ?? from;
    if (!isBelow(open, at(chunk + 1), limits, 1)) borders.push(at(chunk));
  }
  return borders;
}

function isBelow(from: Border, to: Border, limits: PieceLimits, times: number): boolean {
  return (
    to.contentBytes - from.contentBytes <= limits.rawBytes * times &&
    to.revisions - from.revisions <= limits.revisions * times
  );
}

function range(index: number, from: Border, to: Border): PieceRange {
  return {
    index,
    fromChunk: from.chunk,
    toChunk: to.isInside ? to.chunk + 1 : to.chunk,
    from: from.position,
    to: to.position,
    revisions: to.revisions - from.revisions,
    contentBytes: to.contentBytes - from.contentBytes,
  };
}

/** What lies before each chunk, and at the end all. */
function sums(entries: readonly SpoolEntry[]): readonly Pick<Border, 'revisions' | 'contentBytes'>[] {
  const before = [{ revisions: 0, contentBytes: 0 }];
  for (const entry of entries) {
    const { revisions, contentBytes } = before.at(-1) ?? { revisions: 0, contentBytes: 0 };
    before.push({
      revisions: revisions + entry.revisions,
      contentBytes: contentBytes + entry.contentBytes,
    });
  }
  return before;
}
