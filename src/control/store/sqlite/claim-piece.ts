import { formatToken, type Holder } from '../lease.ts';
import type { ClaimedPiece, PieceScope } from '../run-store.ts';
import type { Connection } from './connection.ts';
import { readGeneration } from './grant-lease.ts';
import { fromJson, holderToJson } from './json.ts';
import { leaseIsAlive } from './ownership.ts';

interface OpenPiece {
  readonly id: string;
  readonly weight: number;
  readonly data: string | null;
  readonly counter: number;
  readonly tries: number;
}

export function claimPiece(
  db: Connection,
  p: PieceScope & { readonly holder: Holder; readonly leaseMs: number },
): ClaimedPiece | undefined {
  return db.write(() => {
    const piece = db.one<OpenPiece>(
      `SELECT id, weight, data, counter, tries FROM pieces
        WHERE run = ? AND epoch = ? AND stage = ? AND state = 'open'
          AND (retry_at IS NULL OR retry_at <= ?)
          AND NOT (${leaseIsAlive})
          AND EXISTS (SELECT 1 FROM runs WHERE id = run AND runs.epoch = pieces.epoch AND runs.state = 'running')
        ORDER BY weight DESC, position LIMIT 1`,
      p.run,
      p.epoch,
      p.stage,
      db.nowMs,
      db.bootId,
      db.monotonicMs,
    );
    if (piece === undefined) return undefined;
    const token = formatToken(readGeneration(db), piece.counter + 1);
    db.run(
      `UPDATE pieces SET counter = counter + 1, token = ?, holder = ?, boot_id = ?, expires_mono = ?, lease_ms = ?
        WHERE run = ? AND epoch = ? AND stage = ? AND id = ?`,
      token,
      holderToJson(p.holder),
      db.bootId,
      db.monotonicMs + p.leaseMs,
      p.leaseMs,
      p.run,
      p.epoch,
      p.stage,
      piece.id,
    );
    return {
      id: piece.id,
      weight: piece.weight,
      data: fromJson(piece.data),
      tryNumber: piece.tries + 1,
      guard: { run: p.run, epoch: p.epoch, stage: p.stage, piece: piece.id, token },
    };
  });
}
