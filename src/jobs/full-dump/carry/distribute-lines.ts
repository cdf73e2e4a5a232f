import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CarriedLine } from '../../../dumping/carry/bundle-index.ts';
import { comparePositions } from '../../../dumping/carry/position.ts';
import type { PieceRange } from '../content/cut-pieces.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { piecesLines } from './carry-plan.ts';
import { indexLines } from './index-reader.ts';
import type { UsableLane } from './usable-lane.ts';

/**
 * Gives each piece the lines of a lane's index that begin in its range, and the one before them: its bundle may reach
 * into the piece, and hold texts for it. Memory: the lines of one piece.
 */
export async function distributeLines(
  context: FullDumpContext,
  lane: UsableLane,
  pieces: readonly PieceRange[],
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
      for (
        let to = pieces[piece]?.to;
        to && comparePositions(line.units.from, to) >= 0;
        to = pieces[piece]?.to
      ) {
        await endPiece();
      }
      lines.push({ ...line, part });
    }
  }
  while (piece < pieces.length) await endPiece();
}
