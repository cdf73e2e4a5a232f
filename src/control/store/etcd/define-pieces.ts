import { RotaError } from '../../../core/errors/rota-error.ts';
import type { LeaseGuard } from '../lease.ts';
import type { PieceScope } from '../run-store.ts';
import type { PieceDefinition } from '../run-view.ts';
import type { CutRecord, OpenPieceRecord, PieceRecord } from '../stored-records.ts';
import { requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';
import { guardedRun, guardLease } from './ownership.ts';
import { maxOps, transact } from './transaction.ts';
import { smallJson } from './values.ts';
import { parseEntry } from './views.ts';

/** etcd refuses requests above 1.5 MiB; base64 adds a third. */
const maxBatchBytes = 512 * 1024;

/**
 * More pieces than one transaction takes are written in several, each under the guard; they count (and are handed out)
 * only when the last has written the number of them.
 */
export async function definePieces(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly stage: string; readonly pieces: readonly PieceDefinition[] },
): Promise<void> {
  const wanted = p.pieces.map((piece) => ({
    ...piece,
    json: smallJson(piece.data, `data of piece ${piece.id}`),
  }));
  const cut = await transact(db, async (tx) => {
    guardLease(tx, p.guard);
    const run = await requireRun(tx, guardedRun(p.guard));
    const scope: PieceScope = { run: run.id, epoch: run.epoch, stage: p.stage };
    const isCut = (await tx.get<CutRecord>(keys.cut(scope))) !== undefined;
    const present = sortPieces(
      (await tx.list(keys.pieces(scope))).flatMap((e) => parseEntry<PieceRecord>(e) ?? []),
    );
    if (!isCut) {
      // What a predecessor that died had begun to write.
      if (present.length > 0) {
        tx.deletePrefix(keys.pieces(scope));
        tx.deletePrefix(keys.openPieces(scope));
      }
      return { scope, isDone: false };
    }
    const isSame =
      present.length === wanted.length &&
      present.every(
        (piece, i) => piece.id === wanted[i]?.id && JSON.stringify(piece.data) === wanted[i]?.json,
      );
    if (isSame) return { scope, isDone: true };
    throw new RotaError(
      'PIECE_CONFLICT',
      `Stage ${p.stage} of ${run.id} was cut into ${present.length} pieces, now into ${wanted.length} others: start it anew with --force`,
      { facts: { run: run.id, stage: p.stage } },
    );
  });
  if (cut.isDone) return;
  const { scope } = cut;
  for (const batch of batches(wanted)) {
    await transact(db, async (tx) => {
      guardLease(tx, p.guard);
      for (const { piece, position } of batch) {
        const { id, weight, data } = piece;
        const record: PieceRecord = { id, position, weight, data, state: 'open', counter: 0, tries: 0 };
        tx.put(keys.piece(scope, id), record);
        tx.put(keys.openPiece(scope, weight, position), { id } satisfies OpenPieceRecord);
      }
    });
  }
  await transact(db, async (tx) => {
    guardLease(tx, p.guard);
    tx.put(keys.cut(scope), { count: wanted.length } satisfies CutRecord);
  });
}

/** A resumed stage tries failed pieces anew. */
export async function reopenPieces(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly stage: string },
): Promise<void> {
  const failed = await transact(db, async (tx) => {
    guardLease(tx, p.guard);
    const run = await requireRun(tx, guardedRun(p.guard));
    const scope: PieceScope = { run: run.id, epoch: run.epoch, stage: p.stage };
    const entries = await tx.list(keys.pieces(scope));
    return entries
      .filter((entry) => parseEntry<PieceRecord>(entry)?.state === 'failed')
      .map(({ key }) => ({ key, scope }));
  });
  for (const { key, scope } of failed) {
    await transact(db, async (tx) => {
      guardLease(tx, p.guard);
      const piece = await tx.get<PieceRecord>(key);
      if (piece?.state !== 'failed') return;
      tx.put(key, { ...piece, state: 'open', tries: 0, retryAt: undefined } satisfies PieceRecord);
      tx.put(keys.openPiece(scope, piece.weight, piece.position), { id: piece.id } satisfies OpenPieceRecord);
    });
  }
}

export function sortPieces(pieces: readonly PieceRecord[]): readonly PieceRecord[] {
  return [...pieces].sort((a, b) => a.position - b.position);
}

interface Placed {
  readonly piece: PieceDefinition & { readonly json: string | undefined };
  readonly position: number;
}

function* batches(wanted: readonly Placed['piece'][]): Generator<readonly Placed[]> {
  let batch: Placed[] = [];
  let sizeBytes = 0;
  for (const [position, piece] of wanted.entries()) {
    const pieceBytes = Buffer.byteLength(piece.json ?? '');
    if (batch.length > 0 && (2 * batch.length + 4 > maxOps || sizeBytes + pieceBytes > maxBatchBytes)) {
      yield batch;
      batch = [];
      sizeBytes = 0;
    }
    batch.push({ piece, position });
    sizeBytes += pieceBytes;
  }
  if (batch.length > 0) yield batch;
}
