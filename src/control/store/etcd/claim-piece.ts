import { formatToken, type Holder } from '../lease.ts';
import type { ClaimedPiece, PieceScope } from '../run-store.ts';
import { type OpenPieceRecord, type PieceRecord, type RunRecord, toHolderRecord } from '../stored-records.ts';
import type { Connection } from './connection.ts';
import { generationOf, transactWithLease } from './grant-lease.ts';
import { keys } from './keys.ts';
import { parseEntry } from './views.ts';

export async function claimPiece(
  db: Connection,
  p: PieceScope & { readonly holder: Holder; readonly leaseMs: number },
): Promise<ClaimedPiece | undefined> {
  return transactWithLease(db, p.leaseMs, async (tx, lease) => {
    const [open = [], leased = [], runs = [], cuts = []] = await tx.read([
      { prefix: keys.openPieces(p) },
      { prefix: keys.pieceLeases(p), keysOnly: true },
      { key: keys.run(p.run) },
      { key: keys.cut(p) },
    ]);
    const run = parseEntry<RunRecord>(runs[0]);
    if (run?.state !== 'running' || run.epoch !== p.epoch || cuts[0] === undefined) return undefined;
    const taken = new Set(leased.map((entry) => entry.key));
    const turn = open
      .flatMap((entry) => parseEntry<OpenPieceRecord>(entry) ?? [])
      .find((piece) => (piece.retryAt ?? 0) <= tx.nowMs && !taken.has(keys.pieceLease(p, piece.id)));
    if (turn === undefined) return undefined;
    const leaseKey = keys.pieceLease(p, turn.id);
    await tx.load([keys.piece(p, turn.id), leaseKey, keys.generation, keys.epoch(p.run)]);
    const piece = tx.have<PieceRecord>(keys.piece(p, turn.id));
    if (piece === undefined) return undefined;
    const counter = piece.counter + 1;
    const token = formatToken(generationOf(tx), counter);
    // That the run still runs is compared too: its lease is there, and with it its place among those that run.
    await tx.load([keys.inState('running', run.createdAt, run.id)]);
    tx.put(leaseKey, token, await lease());
    tx.put(keys.piece(p, turn.id), {
      ...piece,
      counter,
      holder: toHolderRecord(p.holder),
      leaseMs: p.leaseMs,
    } satisfies PieceRecord);
    return {
      id: piece.id,
      weight: piece.weight,
      data: piece.data,
      tryNumber: piece.tries + 1,
      guard: { run: p.run, epoch: p.epoch, stage: p.stage, piece: piece.id, token },
    };
  });
}
