import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { PieceReport } from '../../../dumping/piece/piece-spec.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { type PieceReference, readRedonePieces } from './redone-pieces.ts';

/** A finished piece: the folder it lies in and what it holds. */
export interface FinishedPiece {
  readonly id: string;
  readonly folder: string;
  readonly report: PieceReport;
}

/**
 * The pieces of the dump in their order. One that was built again, because it was damaged or because something in it
 * was hidden meanwhile, takes the place of the first.
 */
export async function readPieces(context: FullDumpContext): Promise<readonly FinishedPiece[]> {
  const pieces = new Map<string, PieceReference>();
  for (const piece of await context.pieces.committed('content')) pieces.set(piece.id, piece);
  for (const [id, piece] of Object.entries(await readRedonePieces(context))) pieces.set(id, piece);
  const ordered = [...pieces].sort(([a], [b]) => (a < b ? -1 : 1));
  return await Promise.all(ordered.map(([id, piece]) => readPiece(context.workspace, id, piece)));
}

/** Ids sort as text in the order of the spool. */
export function pieceId(index: number): string {
  return String(index).padStart(7, '0');
}

async function readPiece(workspace: string, id: string, piece: PieceReference): Promise<FinishedPiece> {
  const path = join(workspace, piece.path);
  const damaged = (what: string, cause?: unknown) =>
    new RotaError('PIECE_DAMAGED', `${path}: ${what}; it is made again`, {
      cause,
      facts: { piece: id, path },
    });
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw damaged('it cannot be read', cause);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== piece.sha256) {
    throw damaged('it is not what was committed');
  }
  return { id, folder: dirname(path), report: JSON.parse(bytes.toString('utf8')) as PieceReport };
}
