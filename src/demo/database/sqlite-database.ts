import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SqliteAddress } from '../../mediawiki/database/database-address.ts';
import { sqliteError } from '../../mediawiki/database/sqlite/errors.ts';
import { quoted } from '../schema/create-statements.ts';
import type { DemoDatabase, Value } from './demo-database.ts';

const rowsAtOnce = 25;

/**
 * A MediaWiki database in one file, as MediaWiki itself writes it: every string, even compressed bytes, is stored
 * with the type TEXT unless it holds a zero byte; so a reader must ask for bytes (`CAST(x AS BLOB)`).
 */
export class SqliteDatabase implements DemoDatabase {
  readonly dialect = 'sqlite';
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #inTransaction = false;

  readonly #address: SqliteAddress;

  constructor(database: DatabaseSync, address: SqliteAddress) {
    this.#database = database;
    this.#address = address;
  }

  /** Opens the file, making it if it is missing. */
  static open(address: SqliteAddress): SqliteDatabase {
    try {
      const database = new DatabaseSync(address.file);
      // What is generated can be generated again: durability would only cost time.
      database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536');
      return new SqliteDatabase(database, address);
    } catch (error) {
      throw sqliteError(error, address);
    }
  }

  async execute(statements: readonly string[]): Promise<void> {
    await this.commit();
    for (const statement of statements) this.#guard(() => this.#database.exec(statement));
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void> {
    this.#begin();
    // Rows with bytes go one by one: which of their values are text (see above) differs from row to row.
    const step = rows.some((row) => row.some((value) => Buffer.isBuffer(value))) ? 1 : rowsAtOnce;
    for (let start = 0; start < rows.length; start += step) {
      const batch = rows.slice(start, start + step);
      const groups = batch.map((row) =>
        row.map((value) => (isText(value) ? 'CAST(? AS TEXT)' : '?')).join(','),
      );
      const sql = `INSERT INTO ${quoted(table, 'sqlite')} (${columns.join(',')}) VALUES (${groups.join('),(')})`;
      this.#guard(() => this.#statement(sql).run(...batch.flat()));
    }
  }

  async run(sql: string, parameters: readonly Value[] = []): Promise<void> {
    this.#begin();
    this.#guard(() => this.#statement(sql).run(...parameters));
  }

  async query(sql: string, parameters: readonly Value[] = []): Promise<readonly (readonly Value[])[]> {
    return this.#guard(() => {
      const statement = this.#statement(sql);
      statement.setReturnArrays(true);
      const rows = statement.all(...parameters) as unknown as readonly (readonly unknown[])[];
      return rows.map((row) => row.map(toValue));
    });
  }

  async commit(): Promise<void> {
    if (!this.#inTransaction) return;
    this.#guard(() => this.#database.exec('COMMIT'));
    this.#inTransaction = false;
  }

  /** Closes the file; what was not committed is undone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#statements.clear();
    this.#database.close();
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, this.#address);
    }
  }

  #begin(): void {
    if (this.#inTransaction) return;
    this.#database.exec('BEGIN');
    this.#inTransaction = true;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size > 300) this.#statements.clear();
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function isText(value: Value): boolean {
  return Buffer.isBuffer(value) && !value.includes(0);
}

function toValue(value: unknown): Value {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  throw new TypeError(`unexpected value of type ${typeof value}`);
}
