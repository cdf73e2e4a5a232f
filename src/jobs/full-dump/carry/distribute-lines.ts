import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CarriedLine } from '../../../dumping/carry/bundle-index.ts';
import { comparePositions, type Position } from '../../../dumping/carry/position.ts';
import type { SpoolReader } from '../../../dumping/spool/spool-reader.ts';
import type { PieceRange } from '../content/cut-pieces.ts';
import { firstPosition } from '../content/locate-cuts.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { piecesLines } from './carry-plan.ts';
import { indexLines } from './index-reader.ts';
import type { UsableLane } from './usable-lane.ts';

/** All pieces of a spool, and where each of them ends; null: with the spool. */
export interface CutPieces {
  readonly pieces: readonly PieceRange[];
  readonly ends: readonly (Position | null)[];
}

/** A piece that ends with a chunk ends where the next chunk begins: that one is read to know where. */
export function withEnds(spool: SpoolReader, pieces: readonly PieceRange[]): CutPieces {
  const chunks = spool.manifest.entries.length;
  const ends = pieces.map(
    ({ to, toChunk }) => to ?? (toChunk < chunks ? firstPosition(spool.chunk(toChunk)) : null),
  );
  return { pieces, ends };
}

/**
 * Gives each piece the lines of a lane's index that begin in its range, and the one before them: its bundle may reach
 * into the piece, and hold texts for it. Memory: the lines of one piece.
 */
export async function distributeLines(
  context: FullDumpContext,
  lane: UsableLane,
  { pieces, ends }: CutPieces,
): Promise<void> {
  await mkdir(dirname(piecesLines(context, lane, 0)), { recursive: true, mode: 0o700 });
  let piece = 0;
  let lines: CarriedLine[] = [];
  const endPiece = async (): Promise<void> => {
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    await writeFile(piecesLines(context, lane, piece), body, { mode: 0o600 });
    lines = lines.slice(-1);
    piece += 1;
  };
  for (const [part, index] of lane.indexes.entries()) {
    for await (const line of indexLines(index)) {
      if (line.units === undefined) continue;
      for (let to = ends[piece]; to && comparePositions(line.units.from, to) >= 0; to = ends[piece]) {
        await endPiece();
      }
      lines.push({ ...line, part });
    }
  }
  while (piece < pieces.length) await endPiece();
}
