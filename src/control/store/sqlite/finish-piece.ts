import type { PieceGuard } from '../run-store.ts';
import type { Failure, PieceResult } from '../run-view.ts';
import type { Connection } from './connection.ts';
import { toJson } from './json.ts';
import { assertPieceOwner } from './ownership.ts';

const onePiece = 'run = ? AND epoch = ? AND stage = ? AND id = ?';

export function renewPiece(db: Connection, guard: PieceGuard): void {
  db.write(() => {
    assertPieceOwner(db, guard);
    db.run(
      `UPDATE pieces SET expires_mono = ? + lease_ms WHERE ${onePiece}`,
      db.monotonicMs,
      ...keyOf(guard),
    );
  });
}

export function commitPiece(
  db: Connection,
  p: { readonly guard: PieceGuard; readonly result: PieceResult },
): void {
  const result = toJson(p.result.result, `result of piece ${p.guard.piece}`);
  db.write(() => {
    assertPieceOwner(db, p.guard);
    db.run(
      `UPDATE pieces SET state = 'committed', path = ?, size_bytes = ?, sha256 = ?, result = ?, token = NULL,
         boot_id = NULL, expires_mono = NULL, retry_at = NULL, error_code = NULL, error_message = NULL
        WHERE ${onePiece}`,
      p.result.path,
      p.result.sizeBytes,
      p.result.sha256,
      result,
      ...keyOf(p.guard),
    );
    // The run is getting somewhere, so its workers' deaths are no sign against it.
    db.run('UPDATE runs SET stops = 0 WHERE id = ? AND stops > 0', p.guard.run);
  });
}

export function releasePiece(
  db: Connection,
  p: { readonly guard: PieceGuard; readonly error?: Failure; readonly retryAt?: Date },
): void {
  db.write(() => {
    assertPieceOwner(db, p.guard);
    const failed = p.error !== undefined;
    db.run(
      `UPDATE pieces SET state = ?, tries = tries + ?, retry_at = ?, error_code = ?, error_message = ?, token = NULL,
         holder = NULL, boot_id = NULL, expires_mono = NULL
        WHERE ${onePiece}`,
      failed && p.retryAt === undefined ? 'failed' : 'open',
      failed ? 1 : 0,
      p.retryAt?.getTime() ?? null,
      p.error?.code ?? null,
      p.error?.message ?? null,
      ...keyOf(p.guard),
    );
  });
}

function keyOf(guard: PieceGuard): [string, number, string, string] {
  return [guard.run, guard.epoch, guard.stage, guard.piece];
}
