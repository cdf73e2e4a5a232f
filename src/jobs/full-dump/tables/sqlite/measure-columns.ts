import type { DatabaseSync } from 'node:sqlite';
import { type SqliteShape, sqliteName } from './read-shape.ts';

/** What really stands in a column: SQLite puts any kind of value in any column. */
export interface ColumnContent {
  readonly hasNull: boolean;
  /** Text or blobs. */
  readonly hasBytes: boolean;
  readonly hasReal: boolean;
  /** Of the integers; null where there are none. */
  readonly least: bigint | null;
  readonly greatest: bigint | null;
  /** Bytes of the longest value, written out. */
  readonly longestBytes: number;
}

const rowsAtOnce = 20_000;
const factsPerColumn = 6;

/**
 * Looks at every value of a table once, a portion of rows at a time (node:sqlite holds the thread while it works).
 * @returns one entry per column, in their order
 */
export async function measureColumns(
  database: DatabaseSync,
  table: string,
  options: { readonly shape: SqliteShape; readonly breathe: () => Promise<void> },
): Promise<readonly ColumnContent[]> {
  const { shape, breathe } = options;
  const facts = shape.columns.map((column) => factsOf(sqliteName(column.name))).join(', ');
  const from = sqliteName(table);
  const all = `SELECT count(*), NULL, ${facts} FROM ${from}`;
  const portion = `SELECT count(*), max(rowid), ${facts}
    FROM (SELECT rowid, * FROM ${from} WHERE rowid > ? ORDER BY rowid LIMIT ${rowsAtOnce})`;
  const statement = database.prepare(shape.hasRowid ? portion : all);
  statement.setReturnArrays(true);
  statement.setReadBigInts(true);
  let found = shape.columns.map((): ColumnContent => nothing);
  for (let after = -(2n ** 63n); ; ) {
    const row = (shape.hasRowid ? statement.all(after) : statement.all())[0] as unknown as (bigint | null)[];
    const [count, last, ...values] = row;
    found = found.map((content, i) =>
      merge(content, values.slice(i * factsPerColumn, (i + 1) * factsPerColumn)),
    );
    if (!shape.hasRowid || last == null || Number(count) < rowsAtOnce) return found;
    after = last;
    await breathe();
  }
}

const nothing: ColumnContent = {
  hasNull: false,
  hasBytes: false,
  hasReal: false,
  least: null,
  greatest: null,
  longestBytes: 0,
};

function factsOf(column: string): string {
  const integer = `CASE typeof(${column}) WHEN 'integer' THEN ${column} END`;
  return [
    `max(${column} IS NULL)`,
    `max(typeof(${column}) IN ('text', 'blob'))`,
    `max(typeof(${column}) = 'real')`,
    `min(${integer})`,
    `max(${integer})`,
    `max(length(CAST(${column} AS BLOB)))`,
  ].join(', ');
}

function merge(content: ColumnContent, facts: readonly (bigint | null)[]): ColumnContent {
  const [isNull, bytes, real, least = null, greatest = null, longest] = facts;
  return {
    hasNull: content.hasNull || isNull === 1n,
    hasBytes: content.hasBytes || bytes === 1n,
    hasReal: content.hasReal || real === 1n,
    least: content.least === null || (least !== null && least < content.least) ? least : content.least,
    greatest:
      content.greatest === null || (greatest !== null && greatest > content.greatest)
        ? greatest
        : content.greatest,
    longestBytes: Math.max(content.longestBytes, Number(longest ?? 0n)),
  };
}
