import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { BinaryString } from '../record/revision-record.ts';
import type { BufferLease } from './answer-buffers.ts';
import type { DatabaseAddress } from './database-address.ts';

/**
 * A value for a `?` in SQL. A string is a {@link BinaryString} (one character per byte); an array of numbers becomes
 * a comma list, for `IN (?)`, and must not be empty.
 */
export type QueryParameter = number | BinaryString | readonly number[] | readonly BinaryString[];

/**
 * The rows of one answer, walked with a cursor so that no object is made per row or column.
 * Columns are counted from 0. Views and cursor are valid until the next query on the same connection, unless
 * the query was asked with `ownBuffer`: then as long as they are referenced.
 */
export interface ResultRows {
  /** Names of the columns. */
  readonly columns: readonly string[];
  readonly rowCount: number;
  /** Goes to the next row; false when there is none. Call it before the first row, too. */
  next(): boolean;
  /** Before the first row again. */
  rewind(): void;
  isNull(column: number): boolean;
  /** An integer; 0 for NULL. Exact up to 2^53, a RangeError above. */
  int(column: number): number;
  /** The bytes as latin1 characters; '' for NULL. */
  binary(column: number): BinaryString;
  /** The bytes as they are stored, not copied; null for NULL. */
  bytes(column: number): Uint8Array | null;
  /** How many bytes the column has; 0 for NULL. */
  byteLength(column: number): number;
  /** One of them. */
  byteAt(column: number, index: number): number;
  /** Copies all of them. */
  copyBytes(column: number, target: Uint8Array, at: number): void;
}

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
  /** The answer's bytes stay valid after the next query (texts that are handed on). Default false. */
  readonly ownBuffer?: boolean;
  /** As {@link ownBuffer}, until the lease is released: then the memory is used again. Not every adapter needs it. */
  readonly buffers?: BufferLease | undefined;
  /** How many bytes the answer will have, about: saves growing the buffer. */
  readonly expectedBytes?: number;
}

/** What a dialect can do, so that callers need not ask for its name. */
export interface DialectCapabilities {
  /** The snapshot is a transaction of the server and dies with its connection; otherwise it is a private copy. */
  readonly snapshotDiesWithConnection: boolean;
  /** A server may be a replica that lags behind. */
  readonly replication: boolean;
  /** Accounts and grants exist: a table can be there and be forbidden. */
  readonly grants: boolean;
  /** Several connections read in parallel without disturbing a writer. */
  readonly concurrentReads: boolean;
}

export interface Dialect {
  readonly name: 'mariadb' | 'sqlite';
  readonly capabilities: DialectCapabilities;
  /** An SQL expression that yields a column's bytes untouched (SQLite would decode TEXT). */
  bytes(column: string): string;
  /** A table's name as SQL. */
  table(name: string): string;
}

/** What a snapshot says of itself, for a dump's manifest. */
export interface Snapshot {
  readonly takenAt: Date;
  readonly kind: 'transaction' | 'copy';
}

export interface DatabaseConnection extends AsyncDisposable {
  readonly dialect: Dialect;
  readonly address: DatabaseAddress;
  /** Runs one statement. Without a snapshot a lost connection is made again and the query repeated (reads only). */
  select(sql: string, parameters?: readonly QueryParameter[], options?: QueryOptions): Promise<ResultRows>;
  /** As {@link select}, with every row as an array of Buffers: for small answers. */
  query(
    sql: string,
    parameters?: readonly QueryParameter[],
    options?: QueryOptions,
  ): Promise<(Buffer | null)[][]>;
  /**
   * From here on all queries see one state. A loss of the connection is then SNAPSHOT_LOST.
   * SQLite: copies the database into a private file first (its readers would block the wiki's writer).
   */
  beginSnapshot(signal?: AbortSignal): Promise<Snapshot>;
  close(): Promise<void>;
}

export interface OpenDatabaseOptions {
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  /** How long a lost connection is tried again. Default 5 minutes. */
  readonly retryForMs?: number | undefined;
  /** Try again for {@link retryForMs} when the very first connection fails, too. Default false: say so at once. */
  readonly patientStart?: boolean | undefined;
  /** Time for connecting and logging in. Default 20 s. */
  readonly connectTimeoutMs?: number | undefined;
  /** A query without any sign of life for this long is given up. Default 30 minutes. */
  readonly queryTimeoutMs?: number | undefined;
  /** Where SQLite's snapshot copy goes: a private folder. Default: a new one in the system's temporary folder. */
  readonly scratchFolder?: string | undefined;
  /** Read answers through mysql2's public interface instead of the lean reader (for comparison). Default false. */
  readonly publicInterface?: boolean | undefined;
}

/** Collects a cursor into arrays of copies. */
export function collectRows(rows: ResultRows): (Buffer | null)[][] {
  const all: (Buffer | null)[][] = [];
  while (rows.next()) {
    const row: (Buffer | null)[] = [];
    for (let column = 0; column < rows.columns.length; column++) {
      const bytes = rows.bytes(column);
      row.push(bytes === null ? null : Buffer.from(bytes));
    }
    all.push(row);
  }
  return all;
}
