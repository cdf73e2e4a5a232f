import type { SpoolEntry } from '../../../dumping/spool/spool-manifest.ts';

/** A range of the spool's chunks, half open. */
export interface PieceRange {
  readonly fromChunk: number;
  readonly toChunk: number;
  readonly revisions: number;
  readonly contentBytes: number;
}

/**
 * Cuts the spool into pieces: as many consecutive chunks as fit, at least one. The same spool and limits always give
 * the same pieces, so a resumed run finds those that are done.
 */
export function cutPieces(
  entries: readonly SpoolEntry[],
  limits: { readonly rawBytes: number; readonly revisions: number },
): readonly PieceRange[] {
  const pieces: PieceRange[] = [];
  for (const [index, entry] of entries.entries()) {
    const open = pieces.at(-1);
    const fits =
      open !== undefined &&
      open.contentBytes + entry.contentBytes <= limits.rawBytes &&
      open.revisions + entry.revisions <= limits.revisions;
    if (open && fits) pieces[pieces.length - 1] = extended(open, entry, index);
    else
      pieces.push(
        extended({ fromChunk: index, toChunk: index, revisions: 0, contentBytes: 0 }, entry, index),
      );
  }
  return pieces;
}

function extended(piece: PieceRange, entry: SpoolEntry, index: number): PieceRange {
  return {
    fromChunk: piece.fromChunk,
    toChunk: index + 1,
    revisions: piece.revisions + entry.revisions,
    contentBytes: piece.contentBytes + entry.contentBytes,
  };
}
