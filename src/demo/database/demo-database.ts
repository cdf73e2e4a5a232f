import type { Dialect } from '../schema/create-statements.ts';

/** A value of a row: text is stored as its UTF-8 bytes. */
export type Value = string | number | Buffer | null;

/** What the generator needs of a database; SQL is the part that SQLite and MariaDB share. */
export interface DemoDatabase extends AsyncDisposable {
  readonly dialect: Dialect;
  /** Runs statements that answer nothing. */
  execute(statements: readonly string[]): Promise<void>;
  /** Adds rows, all of the same columns. Rows become permanent at the next `commit`. */
  insert(table: string, columns: readonly string[], rows: readonly (readonly Value[])[]): Promise<void>;
  /** A change with `?` parameters; belongs to the running transaction. */
  run(sql: string, parameters?: readonly Value[]): Promise<void>;
  /** Rows as arrays: numbers, or bytes; every column of bytes must be asked for as such. */
  query(sql: string, parameters?: readonly Value[]): Promise<readonly (readonly Value[])[]>;
  commit(): Promise<void>;
}
