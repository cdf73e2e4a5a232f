import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../../core/clock.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { ArrayRows, type CellValue } from '../array-rows.ts';
import { describeAddress, type SqliteAddress } from '../database-address.ts';
import {
  collectRows,
  type DatabaseConnection,
  type OpenDatabaseOptions,
  type QueryOptions,
  type QueryParameter,
  type ResultRows,
  type Snapshot,
} from '../database-connection.ts';
import { sqliteDialect } from './dialect.ts';
import { sqliteError } from './errors.ts';

/** How long a query waits for a writer. */
const busyTimeoutMs = 10_000;

export async function openSqlite(
  address: SqliteAddress,
  options: OpenDatabaseOptions,
): Promise<SqliteConnection> {
  const found = await stat(address.file).catch(() => null);
  if (found === null || !found.isFile())
    throw new RotaError(
      'DATABASE_MISSING',
      `There is no database file at ${address.file}: check the path after sqlite: in rota.yaml.`,
    );
  const connection = new SqliteConnection(address, options);
  connection.open();
  return connection;
}

/** A wiki's SQLite file, read-only. Answers come at once; a snapshot is a private copy by SQLite's backup. */
export class SqliteConnection implements DatabaseConnection {
  readonly dialect = sqliteDialect;
  readonly address: SqliteAddress;
  readonly #options: OpenDatabaseOptions;
  #database: DatabaseSync | null = null;
  #copyFolder: string | null = null;

  constructor(address: SqliteAddress, options: OpenDatabaseOptions) {
    this.address = address;
    this.#options = options;
  }

  open(): void {
    this.#guard(() => {
      this.#database = openFile(this.address.file);
      this.#database.prepare('SELECT count(*) FROM sqlite_master').all();
    });
  }

  async select(
    sql: string,
    parameters: readonly QueryParameter[] = [],
    options: QueryOptions = {},
  ): Promise<ResultRows> {
    (options.signal ?? this.#options.signal)?.throwIfAborted();
    const database = this.#opened();
    return this.#guard(() => {
      const { text, values } = bindSqlite(sql, parameters);
      const statement = database.prepare(text);
      statement.setReturnArrays(true);
      const rows = statement.all(...values) as unknown as CellValue[][];
      return new ArrayRows(
        statement.columns().map((column) => column.name ?? ''),
        rows,
      );
    });
  }

  async query(sql: string, parameters: readonly QueryParameter[] = [], options: QueryOptions = {}) {
    return collectRows(await this.select(sql, parameters, options));
  }

  async beginSnapshot(signal = this.#options.signal): Promise<Snapshot> {
    signal?.throwIfAborted();
    const source = this.#opened();
    const clock = this.#options.clock ?? systemClock;
    const takenAt = clock.now();
    try {
      const parent = this.#options.scratchFolder ?? tmpdir();
      this.#copyFolder = await mkdtemp(join(parent, 'rota-snapshot-'));
      const copy = join(this.#copyFolder, 'wiki.sqlite');
      // Small steps: between two of them the wiki's writer gets its turn (the copy then starts over by itself).
      await backup(source, copy, { rate: 2000 });
      signal?.throwIfAborted();
      this.#database = openFile(copy);
      source.close();
    } catch (error) {
      await this.#removeCopy();
      if (signal?.aborted) throw signal.reason;
      throw sqliteError(error, this.address);
    }
    return { takenAt, kind: 'copy' };
  }

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = null;
    await this.#removeCopy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #removeCopy(): Promise<void> {
    if (this.#copyFolder !== null) await rm(this.#copyFolder, { recursive: true, force: true });
    this.#copyFolder = null;
  }

  #opened(): DatabaseSync {
    if (this.#database === null) throw new Error(`${describeAddress(this.address)} was closed by its owner`);
    return this.#database;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, this.address);
    }
  }
}

function openFile(file: string): DatabaseSync {
  return new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs });
}

/** Lists become literals (SQLite limits the number of parameters); binary strings become blobs. */
function bindSqlite(sql: string, parameters: readonly QueryParameter[]) {
  const pieces = sql.split('?');
  if (pieces.length !== parameters.length + 1)
    throw new RangeError(`${pieces.length - 1} placeholders, but ${parameters.length} parameters`);
  const values: (number | Uint8Array)[] = [];
  let text = pieces[0] ?? '';
  parameters.forEach((parameter, index) => {
    if (typeof parameter === 'number') {
      values.push(parameter);
      text += '?';
    } else if (typeof parameter === 'string') {
      values.push(Buffer.from(parameter, 'latin1'));
      text += '?';
    } else {
      if (parameter.length === 0) throw new RangeError('an empty list cannot be a parameter');
      text += parameter.map((value) => listed(value)).join(',');
    }
    text += pieces[index + 1] ?? '';
  });
  return { text, values };
}

function listed(value: number | string): string {
  if (typeof value === 'string') return `X'${Buffer.from(value, 'latin1').toString('hex')}'`;
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not an exact integer`);
  return String(value);
}
