import { RotaError } from '../../../core/errors/rota-error.ts';
import type { PieceGuard } from '../run-store.ts';
import type { Failure, PieceResult } from '../run-view.ts';
import type { OpenPieceRecord, PieceRecord, RunRecord } from '../stored-records.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { guardPiece } from './ownership.ts';
import { type Transaction, transact } from './transaction.ts';
import { smallValue } from './values.ts';
import { parseEntry } from './views.ts';

export async function renewPiece(db: Connection, guard: PieceGuard): Promise<void> {
  const lease = await pieceLease(db, guard);
  if (lease !== undefined && (await db.leases.keepAlive(lease))) return;
  await pieceLease(db, guard);
  throw new RotaError(
    'STORE_BUSY',
    `The lease of piece ${guard.piece} could not be renewed in etcd: try again`,
  );
}

export async function commitPiece(
  db: Connection,
  p: { readonly guard: PieceGuard; readonly result: PieceResult },
): Promise<void> {
  const result = smallValue(p.result.result, `result of piece ${p.guard.piece}`);
  await transact(db, async (tx) => {
    const piece = await requirePiece(tx, p.guard);
    const { path, sizeBytes, sha256 } = p.result;
    tx.put(keys.piece(p.guard, piece.id), {
      ...piece,
      state: 'committed',
      committed: { path, sizeBytes, sha256, ...(result === undefined ? {} : { result }) },
      retryAt: undefined,
      error: undefined,
    } satisfies PieceRecord);
    tx.delete(keys.openPiece(p.guard, piece.weight, piece.position));
    tx.delete(keys.pieceLease(p.guard, piece.id));
    // The run is getting somewhere, so its workers' deaths are no sign against it.
    const runKey = keys.run(p.guard.run);
    const [runs = []] = await tx.read([{ key: runKey }]);
    if ((parseEntry<RunRecord>(runs[0])?.stops ?? 0) > 0) {
      const run = await tx.get<RunRecord>(runKey);
      if (run !== undefined) tx.put(runKey, { ...run, stops: 0 } satisfies RunRecord);
    }
  });
}

export async function releasePiece(
  db: Connection,
  p: { readonly guard: PieceGuard; readonly error?: Failure; readonly retryAt?: Date },
): Promise<void> {
  await transact(db, async (tx) => {
    const piece = await requirePiece(tx, p.guard);
    const hasFailed = p.error !== undefined;
    const state = hasFailed && p.retryAt === undefined ? 'failed' : 'open';
    const retryAt = p.retryAt?.getTime();
    tx.put(keys.piece(p.guard, piece.id), {
      ...piece,
      state,
      tries: piece.tries + (hasFailed ? 1 : 0),
      retryAt,
      error: p.error,
      holder: undefined,
    } satisfies PieceRecord);
    const openKey = keys.openPiece(p.guard, piece.weight, piece.position);
    if (state === 'open') tx.put(openKey, { id: piece.id, retryAt } satisfies OpenPieceRecord);
    else tx.delete(openKey);
    tx.delete(keys.pieceLease(p.guard, piece.id));
  });
}

async function requirePiece(tx: Transaction, guard: PieceGuard): Promise<PieceRecord> {
  guardPiece(tx, guard);
  const piece = await tx.get<PieceRecord>(keys.piece(guard, guard.piece));
  if (piece?.state === 'open') return piece;
  throw new RotaError(
    'LEASE_LOST',
    `Piece ${guard.piece} of ${guard.stage} in ${guard.run} is no longer open`,
  );
}

async function pieceLease(db: Connection, guard: PieceGuard): Promise<string | undefined> {
  return transact(db, async (tx) => {
    guardPiece(tx, guard);
    const key = keys.pieceLease(guard, guard.piece);
    await tx.load([key]);
    return tx.leaseOf(key);
  });
}
