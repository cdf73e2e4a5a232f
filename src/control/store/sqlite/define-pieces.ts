import { RotaError } from '../../../core/errors/rota-error.ts';
import type { LeaseGuard } from '../lease.ts';
import type { PieceDefinition } from '../run-view.ts';
import { requireRun } from './change-run.ts';
import type { Connection } from './connection.ts';
import { guardedRun } from './end-run.ts';
import { toJson } from './json.ts';
import { assertOwner } from './ownership.ts';

export function definePieces(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly stage: string; readonly pieces: readonly PieceDefinition[] },
): void {
  const wanted = p.pieces.map((piece) => ({
    ...piece,
    json: toJson(piece.data, `data of piece ${piece.id}`),
  }));
  db.write(() => {
    assertOwner(db, p.guard);
    const run = requireRun(db, guardedRun(p.guard));
    const present = db.all<{ id: string; data: string | null }>(
      'SELECT id, data FROM pieces WHERE run = ? AND epoch = ? AND stage = ? ORDER BY position',
      run.id,
      run.epoch,
      p.stage,
    );
    if (present.length > 0) {
      const same =
        present.length === wanted.length &&
        present.every((row, i) => row.id === wanted[i]?.id && row.data === wanted[i]?.json);
      if (same) return;
      throw new RotaError(
        'PIECE_CONFLICT',
        `Stage ${p.stage} of ${run.id} was cut into ${present.length} pieces, now into ${wanted.length} others: start it anew with --force`,
        { facts: { run: run.id, stage: p.stage } },
      );
    }
    for (const [position, piece] of wanted.entries()) {
      db.run(
        `INSERT INTO pieces (run, epoch, stage, id, position, weight, data, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'open')`,
        run.id,
        run.epoch,
        p.stage,
        piece.id,
        position,
        piece.weight,
        piece.json,
      );
    }
  });
}

/** A resumed stage tries failed pieces anew. */
export function reopenPieces(
  db: Connection,
  p: { readonly guard: LeaseGuard; readonly stage: string },
): void {
  db.write(() => {
    assertOwner(db, p.guard);
    const run = requireRun(db, guardedRun(p.guard));
    db.run(
      `UPDATE pieces SET state = 'open', tries = 0, retry_at = NULL
        WHERE run = ? AND epoch = ? AND stage = ? AND state = 'failed'`,
      run.id,
      run.epoch,
      p.stage,
    );
  });
}
