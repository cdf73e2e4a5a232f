import type { PieceScope } from '../run-store.ts';
import type { CommittedPiece, PieceView } from '../run-view.ts';
import type { Connection } from './connection.ts';
import { fromJson, holderFromJson } from './json.ts';
import { defined, toDate, toFailure } from './rows.ts';

interface PieceRow {
  readonly id: string;
  readonly weight: number;
  readonly data: string | null;
  readonly state: 'open' | 'failed' | 'committed';
  readonly tries: number;
  readonly retry_at: number | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly token: string | null;
  readonly holder: string | null;
  readonly boot_id: string | null;
  readonly expires_mono: number | null;
  readonly path: string | null;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
  readonly result: string | null;
}

export function listPieces(db: Connection, p: PieceScope): readonly PieceView[] {
  const alive = (row: PieceRow) =>
    row.token !== null && row.boot_id === db.bootId && (row.expires_mono ?? 0) > db.monotonicMs;
  return rows(db, p).map((row) =>
    defined({
      id: row.id,
      weight: row.weight,
      data: fromJson(row.data),
      state: alive(row) ? ('leased' as const) : row.state,
      tries: row.tries,
      retryAt: toDate(row.retry_at),
      error: toFailure(row.error_code, row.error_message),
      holder: row.holder === null ? undefined : holderFromJson(row.holder),
      committed: row.state === 'committed' ? resultOf(row) : undefined,
    }),
  ) as readonly PieceView[];
}

export function listCommitted(db: Connection, p: PieceScope): readonly CommittedPiece[] {
  return rows(db, p)
    .filter((row) => row.state === 'committed')
    .map((row) => ({ id: row.id, weight: row.weight, data: fromJson(row.data), ...resultOf(row) }));
}

function rows(db: Connection, p: PieceScope): PieceRow[] {
  return db.all<PieceRow>(
    'SELECT * FROM pieces WHERE run = ? AND epoch = ? AND stage = ? ORDER BY position',
    p.run,
    p.epoch,
    p.stage,
  );
}

function resultOf(row: PieceRow) {
  return {
    path: row.path ?? '',
    sizeBytes: row.size_bytes ?? 0,
    sha256: row.sha256 ?? '',
    ...(row.result === null ? {} : { result: fromJson(row.result) }),
  };
}
