import type { DatabaseSync } from 'node:sqlite';

/** A column as SQLite describes it (PRAGMA table_info). */
export interface SqliteColumn {
  readonly name: string;
  readonly declared: string;
  readonly notNull: boolean;
  /** An SQL expression; null for none. */
  readonly defaultSql: string | null;
}

export interface SqliteKey {
  readonly name: string;
  readonly kind: 'primary' | 'unique' | 'plain';
  readonly columns: readonly string[];
}

/** What a table is declared as. */
export interface SqliteShape {
  readonly columns: readonly SqliteColumn[];
  readonly keys: readonly SqliteKey[];
  /** A single integer primary key that counts upwards. */
  readonly autoIncrement: string | null;
  /** Rows can be walked by rowid. */
  readonly hasRowid: boolean;
}

/** Reads columns and keys of a table. Keys over expressions or a part of the rows have no counterpart and are left out. */
export function readShape(database: DatabaseSync, table: string): SqliteShape {
  const pragma = (name: string, of: string) => database.prepare(`PRAGMA ${name}(${sqliteName(of)})`).all();
  const info = pragma('table_info', table);
  const columns = info.map((row) => ({
    name: String(row.name),
    declared: String(row.type),
    notNull: Number(row.notnull) === 1,
    defaultSql: row.dflt_value == null ? null : String(row.dflt_value),
  }));
  const primary = info
    .filter((row) => Number(row.pk) > 0)
    .sort((a, b) => Number(a.pk) - Number(b.pk))
    .map((row) => String(row.name));
  const keys: SqliteKey[] =
    primary.length === 0 ? [] : [{ name: 'PRIMARY', kind: 'primary', columns: primary }];
  // SQLite lists the newest first.
  for (const index of pragma('index_list', table).reverse()) {
    const parts = pragma('index_info', String(index.name));
    if (index.origin === 'pk' || Number(index.partial) === 1 || parts.some((part) => part.name == null))
      continue;
    const names = parts.map((part) => String(part.name));
    keys.push({
      name: index.origin === 'u' ? names.join('_').slice(0, 64) : String(index.name),
      kind: Number(index.unique) === 1 ? 'unique' : 'plain',
      columns: names,
    });
  }
  const [created] = database
    .prepare("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?")
    .all(table);
  const sql = String(created?.sql ?? '');
  return {
    columns,
    keys,
    autoIncrement: /\bAUTOINCREMENT\b/i.test(sql) ? (primary[0] ?? null) : null,
    hasRowid: !/\bWITHOUT\s+ROWID\b/i.test(sql) && !columns.some((column) => /^rowid$/i.test(column.name)),
  };
}

export function sqliteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
