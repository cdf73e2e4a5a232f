import type { PieceScope } from '../run-store.ts';
import type { CommittedPiece, PieceView } from '../run-view.ts';
import { fromHolderRecord, type PieceRecord } from '../stored-records.ts';
import type { Connection } from './connection.ts';
import { sortPieces } from './define-pieces.ts';
import { keys } from './keys.ts';
import { defined, parseEntry, toDate } from './views.ts';

export async function listPieces(db: Connection, p: PieceScope): Promise<readonly PieceView[]> {
  const { pieces, leased } = await readPieces(db, p);
  return pieces.map(
    (piece) =>
      defined({
        id: piece.id,
        weight: piece.weight,
        data: piece.data,
        state: leased.has(keys.pieceLease(p, piece.id)) ? 'leased' : piece.state,
        tries: piece.tries,
        retryAt: toDate(piece.retryAt),
        error: piece.error,
        holder: piece.holder === undefined ? undefined : fromHolderRecord(piece.holder),
        committed: piece.committed,
      }) as PieceView,
  );
}

export async function listCommitted(db: Connection, p: PieceScope): Promise<readonly CommittedPiece[]> {
  const { pieces } = await readPieces(db, p);
  return pieces.flatMap(({ id, weight, data, committed }) =>
    committed === undefined ? [] : [{ id, weight, data, ...committed }],
  );
}

async function readPieces(db: Connection, p: PieceScope) {
  const { entries } = await db.read([
    { prefix: keys.pieces(p) },
    { prefix: keys.pieceLeases(p), keysOnly: true },
    { key: keys.cut(p) },
  ]);
  const isCut = entries[2]?.[0] !== undefined;
  return {
    pieces: isCut
      ? sortPieces((entries[0] ?? []).flatMap((entry) => parseEntry<PieceRecord>(entry) ?? []))
      : [],
    leased: new Set((entries[1] ?? []).map((entry) => entry.key)),
  };
}
