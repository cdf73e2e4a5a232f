import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import type { MadeFile } from '../made-file.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';
import { assembleContent, type EarlierFiles } from './assemble-content.ts';
import { rebuildPiece } from './build-piece.ts';
import { readPieces } from './committed-pieces.ts';
import { readRedactions } from './redactions.ts';

/** More than so many damaged pieces are not bad luck but a bad disk. */
const mostDamaged = 10;

/**
 * Assembles the content files in a folder of that name; a piece that turns out to be damaged (cut short, changed since
 * it was committed) is built again, and the assembly begins anew.
 */
export async function assembleMending(
  context: FullDumpContext,
  name: string,
  earlier: EarlierFiles | null = null,
): Promise<readonly MadeFile[]> {
  const folder = join(runFolder(context).assembled, name);
  for (let damaged = 0; ; damaged++) {
    // What an attempt that was killed, or met a damaged piece, left here is half written.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      return await assembleContent(context, { folder, pieces: await readPieces(context), earlier });
    } catch (error) {
      const id = isRotaError(error, 'PIECE_DAMAGED') ? error.facts.piece : undefined;
      if (typeof id !== 'string' || damaged >= mostDamaged) throw error;
      context.log.warn({ piece: id, cause: (error as Error).message }, 'a finished piece is damaged');
      await rebuildPiece(context, id, await readRedactions(context));
    }
  }
}
