import type { DatabaseSync } from 'node:sqlite';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import { SqlBuffer } from '../sql/sql-buffer.ts';
import { columnType } from './column-type.ts';
import { createTable, mysqlName, type TypedColumn } from './create-table.ts';
import { measureColumns } from './measure-columns.ts';
import { readShape, type SqliteShape, sqliteName } from './read-shape.ts';

/** The length of an INSERT after which another begins, as in the field's files. */
const statementBytes = 1_000_000;

export interface SqliteTableOptions {
  /** The private copy; nobody else works with the connection. */
  readonly database: DatabaseSync;
  /** With prefix. */
  readonly table: string;
  /** What the head calls the database. */
  readonly wiki: string;
  readonly rotaVersion: string;
  /** Lets other work have the thread. */
  readonly breathe: () => Promise<void>;
}

/** One table of an SQLite wiki in the SQL of MySQL. Memory: one INSERT of about a megabyte, and one row. */
export class SqliteTableSql {
  readonly #options: SqliteTableOptions;
  #rows = 0;

  constructor(options: SqliteTableOptions) {
    this.#options = options;
  }

  /** Rows written so far. */
  get rows(): number {
    return this.#rows;
  }

  async *sql(): AsyncGenerator<Buffer, void, void> {
    const { database, table, wiki, rotaVersion, breathe } = this.#options;
    const shape = readShape(database, table);
    const content = await measureColumns(database, table, { shape, breathe });
    const inKeys = new Set(shape.keys.flatMap((key) => key.columns));
    const columns = shape.columns.map((column, i): TypedColumn => {
      const measured = content[i];
      if (measured === undefined) throw new RangeError(`the column ${column.name} was not measured`);
      const type = columnType(column.declared, measured, { inKey: inKeys.has(column.name) });
      return { column, content: measured, type };
    });
    const [version] = database.prepare('SELECT sqlite_version() AS v').all();
    yield Buffer.from(
      [
        `-- Rota table dump ${rotaVersion}`,
        '--',
        `-- Host: -    Database: ${wiki}`,
        '-- ------------------------------------------------------',
        `-- Server version\tSQLite ${String(version?.v)}`,
        '',
        ...openingLines,
        ...createLines(table, createTable(table, shape, columns)),
      ].join('\n'),
    );
    yield* this.#inserts(shape, columns);
    yield Buffer.from([...closingLines(table), '-- Dump completed', ''].join('\n'));
  }

  async *#inserts(shape: SqliteShape, columns: readonly TypedColumn[]): AsyncGenerator<Buffer, void, void> {
    const { database, table, breathe } = this.#options;
    // A TEXT value would be decoded, which loses what is no UTF-8.
    const values = columns.map(({ column }) => {
      const name = sqliteName(column.name);
      return `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END`;
    });
    const order = shape.hasRowid ? ' ORDER BY rowid' : '';
    const statement = database.prepare(`SELECT ${values.join(', ')} FROM ${sqliteName(table)}${order}`);
    statement.setReturnArrays(true);
    statement.setReadBigInts(true);
    const buffer = new SqlBuffer(statementBytes * 1.25);
    for (const row of statement.iterate() as Iterable<unknown> as Iterable<readonly unknown[]>) {
      buffer.text(buffer.length === 0 ? `INSERT INTO ${mysqlName(table)} VALUES (` : ',(');
      for (const [i, typed] of columns.entries()) {
        if (i > 0) buffer.text(',');
        addValue(buffer, row[i], typed, table);
      }
      buffer.text(')');
      this.#rows++;
      if (buffer.length < statementBytes) continue;
      buffer.text(';\n');
      yield buffer.take();
      await breathe();
    }
    if (buffer.length === 0) return;
    buffer.text(';\n');
    yield buffer.take();
  }
}

function addValue(buffer: SqlBuffer, value: unknown, { column, type }: TypedColumn, table: string): void {
  if (value === null || value === undefined) buffer.text('NULL');
  else if (value instanceof Uint8Array) buffer.quoted(value);
  else if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    buffer.text(type.isBytes ? `'${value}'` : String(value));
  else
    throw new RotaError(
      'TABLE_DUMP_FAILED',
      `The column ${column.name} of the table ${table} holds ${String(value)}, which MySQL cannot hold; correct the row.`,
      { facts: { table, column: column.name } },
    );
}

/** Keeps the reader's settings and sets those that the statements need; strings are bytes. */
const openingLines = [
  '/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;',
  '/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;',
  '/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;',
  '/*!40101 SET NAMES binary */;',
  '/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;',
  '/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;',
  "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;",
  '/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;',
  '',
];

function createLines(table: string, create: string): readonly string[] {
  const name = mysqlName(table);
  return [
    '--',
    `-- Table structure for table ${name}`,
    '--',
    '',
    `DROP TABLE IF EXISTS ${name};`,
    `${create};`,
    '',
    '--',
    `-- Dumping data for table ${name}`,
    '--',
    '',
    `/*!40000 ALTER TABLE ${name} DISABLE KEYS */;`,
    '',
  ];
}

function closingLines(table: string): readonly string[] {
  return [
    `/*!40000 ALTER TABLE ${mysqlName(table)} ENABLE KEYS */;`,
    '',
    '/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;',
    '/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;',
    '/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;',
    '/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;',
    '/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;',
    '/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;',
    '/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;',
    '',
  ];
}
