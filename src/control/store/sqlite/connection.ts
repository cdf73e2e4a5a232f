import { closeSync, openSync, statSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import type { Clock } from '../../../core/clock.ts';
import { isFullDisk } from '../../../core/errors/is-full-disk.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Place } from './check-place.ts';
import { waitWhileBusy } from './wait-while-busy.ts';

/** How long SQLite itself waits for the others' transactions, each of which takes milliseconds; see waitWhileBusy. */
const busyTimeoutMs = 250;
/** The first version without the fault that could lose transactions when two processes reset the WAL at once. */
const firstSafeWal = [3, 51, 3] as const;

/** Some that every version of the store has; they come together, in one transaction. */
const ownTables = ['meta', 'leases', 'runs'] as const;

export type Row = Record<string, unknown>;

/** What SQLite calls a database that is no file and ends with its connection. */
export const inMemory = ':memory:';

/** One process's connection to the store's file: every write is one IMMEDIATE transaction. */
export class Connection {
  readonly file: string;
  readonly clock: Clock;
  /** Names this boot of the machine: a monotonic time of another boot means nothing. */
  readonly bootId: string;
  readonly #monotonicAheadMs: number;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #arrayStatements = new Map<string, StatementSync>();
  #writing = false;
  #hasWal = false;

  constructor(p: {
    readonly file: string;
    readonly clock: Clock;
    readonly place: Pick<Place, 'bootId' | 'monotonicAheadMs'>;
  }) {
    this.file = p.file;
    this.clock = p.clock;
    this.bootId = p.place.bootId;
    this.#monotonicAheadMs = p.place.monotonicAheadMs ?? 0;
    if (p.file !== inMemory) refuseWhatIsNoFile(p.file);
    try {
      // It names private wikis, hosts and what failed: for its owner only. SQLite gives its journals the same mode.
      if (p.file !== inMemory) closeSync(openSync(p.file, 'a', 0o600));
      this.#database = new DatabaseSync(p.file, { timeout: busyTimeoutMs });
    } catch (error) {
      throw storeError(error, p.file);
    }
    try {
      this.#refuseStrangers();
      this.exec('PRAGMA synchronous = FULL');
      this.#setJournal();
    } catch (error) {
      this.close();
      throw storeError(error, p.file);
    }
  }

  get nowMs(): number {
    return this.clock.now().getTime();
  }

  /** The machine's, as all processes that share the file must mean the same by it. */
  get monotonicMs(): number {
    return this.clock.monotonicMs() - this.#monotonicAheadMs;
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  one<T = Row>(sql: string, ...parameters: SQLInputValue[]): T | undefined {
    return this.#statement(sql).get(...parameters) as T | undefined;
  }

  all<T = Row>(sql: string, ...parameters: SQLInputValue[]): T[] {
    return this.#statement(sql).all(...parameters) as T[];
  }

  /** Rows as arrays, in the order of the columns. */
  arrays(sql: string, ...parameters: SQLInputValue[]): readonly (readonly SQLOutputValue[])[] {
    let statement = this.#arrayStatements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      this.#arrayStatements.set(sql, statement);
    }
    return statement.all(...parameters) as unknown as readonly (readonly SQLOutputValue[])[];
  }

  /** Rows one at a time; the caller may stop early. Not to be nested with itself for the same SQL. */
  each<T = Row>(sql: string, ...parameters: SQLInputValue[]): Iterable<T> {
    return this.#statement(sql).iterate(...parameters) as Iterable<T>;
  }

  /** The number of rows changed. */
  run(sql: string, ...parameters: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...parameters).changes);
  }

  /** One IMMEDIATE transaction; what the action throws undoes it. */
  write<T>(action: () => T): T {
    using transaction = this.#beginWrite();
    try {
      const result = action();
      transaction.commit();
      return result;
    } catch (error) {
      throw storeError(error, this.file);
    }
  }

  /** The same for an action that takes its time: until its end the others wait, or get STORE_BUSY. Who dies in it has changed nothing. */
  async writeSlowly<T>(action: () => Promise<T>): Promise<T> {
    using transaction = await waitWhileBusy(this.clock, () => this.#beginWrite());
    try {
      const result = await action();
      transaction.commit();
      return result;
    } catch (error) {
      throw storeError(error, this.file);
    }
  }

  /**
   * The same as `write` for what may be lost with the machine's power: no disk is waited for. What `write` writes later takes it to the disk, so
   * nothing is ever there without what came before it.
   */
  writeUnsynced<T>(action: () => T): T {
    // Without a write-ahead log a transaction that is not synced could leave a damaged file.
    if (!this.#hasWal) return this.write(action);
    this.exec('PRAGMA synchronous = NORMAL');
    try {
      return this.write(action);
    } finally {
      this.exec('PRAGMA synchronous = FULL');
    }
  }

  /** Several reads of one state of the store. */
  read<T>(action: () => T): T {
    this.#begin('BEGIN');
    try {
      return action();
    } catch (error) {
      throw storeError(error, this.file);
    } finally {
      if (this.#database.isTransaction) this.#database.exec('COMMIT');
    }
  }

  /** Another text after each change of the file, by this connection (which SQLite counts by itself) or any other. */
  changeCount(): string {
    try {
      const others = this.one<{ data_version: number }>('PRAGMA data_version')?.data_version;
      const own = this.one<{ own: number }>('SELECT total_changes() AS own')?.own;
      return `${others}/${own}`;
    } catch (error) {
      throw storeError(error, this.file);
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** A transaction that is undone when it is left without having been committed. */
  #beginWrite(): Disposable & { commit(): void } {
    if (this.#writing)
      throw new RotaError('INTERNAL', 'A transaction of the run store was begun inside another');
    this.#begin('BEGIN IMMEDIATE');
    this.#writing = true;
    return {
      commit: () => this.#database.exec('COMMIT'),
      [Symbol.dispose]: () => {
        this.#writing = false;
        if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      },
    };
  }

  #begin(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw storeError(error, this.file);
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** A wiki's database that was named by mistake would get our tables and another journal, by a mere `rota status`. */
  #refuseStrangers(): void {
    const sql =
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'";
    const tables = this.all<{ name: string }>(sql).map(({ name }) => name);
    if (tables.length === 0 || ownTables.every((name) => tables.includes(name))) return;
    const some = tables.toSorted().slice(0, 3).join(', ');
    throw new RotaError(
      'STORE_UNREADABLE',
      `The run store ${this.file} is the database of something else (it has the tables ${some}): name another file`,
    );
  }

  #setJournal(): void {
    const version = String(this.one<{ v: string }>('SELECT sqlite_version() AS v')?.v);
    const wanted = walIsSafe(version) ? 'wal' : 'truncate';
    const present = this.one<{ journal_mode: string }>('PRAGMA journal_mode')?.journal_mode;
    const mode =
      present === wanted
        ? present
        : this.one<{ journal_mode: string }>(`PRAGMA journal_mode = ${wanted}`)?.journal_mode;
    this.#hasWal = mode === 'wal';
  }
}

export function walIsSafe(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, least] of firstSafeWal.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** Opening a pipe would wait for ever for somebody to write to it. */
function refuseWhatIsNoFile(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || stat.isFile()) return;
  throw new RotaError(
    'STORE_UNREADABLE',
    `The run store ${file} is ${stat.isDirectory() ? 'a folder' : 'no file'}: name a file in rota.yaml`,
  );
}

const busyCodes: readonly unknown[] = [5, 6, 261, 517];
const fullCode = 13;
/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const damagedCodes: readonly unknown[] = [11, 26];

function storeError(error: unknown, file: string): unknown {
  if (error instanceof RotaError) return error;
  if (!(error instanceof Error)) return error;
  if (!('errcode' in error)) return 'syscall' in error ? openError(error, file) : error;
  // Extended codes have the plain one in their last byte.
  if (typeof error.errcode === 'number' && damagedCodes.includes(error.errcode & 0xff)) {
    return new RotaError(
      'STORE_UNREADABLE',
      `The run store ${file} is damaged, or no run store (${error.message}): put a backup in its place, then run \`rota store new-generation\``,
      { cause: error },
    );
  }
  if (busyCodes.includes(error.errcode)) {
    return new RotaError(
      'STORE_BUSY',
      `The run store ${file} is locked by other processes: try again, and look for one that stands still`,
      {
        cause: error,
      },
    );
  }
  if (error.errcode === fullCode) return storeFull(error, file);
  return new RotaError(
    'STORE_UNREADABLE',
    `The run store ${file} cannot be used (${error.message}): check the path and who may write there`,
    {
      cause: error,
    },
  );
}

function storeFull(cause: Error, file: string): RotaError {
  return new RotaError('DISK_FULL', `No room to write the run store ${file}: make room on its disk`, {
    cause,
  });
}

/** What the system says when the file is opened: mostly that it belongs to another user. */
function openError(error: Error & { readonly code?: unknown }, file: string): RotaError {
  if (isFullDisk(error)) return storeFull(error, file);
  const why =
    error.code === 'EACCES' || error.code === 'EPERM'
      ? 'this user may not write it: be the user that runs Rota, or give it the right'
      : error.code === 'EROFS'
        ? 'it lies on a file system that is read-only'
        : `${error.message}; check the path`;
  return new RotaError('STORE_UNREADABLE', `The run store ${file} cannot be opened: ${why}`, {
    cause: error,
  });
}
