import type { ColumnShape, TableShape } from './table.ts';

/** The two dialects in which MediaWiki's tables are made. */
export type Dialect = 'mysql' | 'sqlite';

/** SQL statements that make a table with its indexes, replacing one of the same name. */
export function createStatements(shape: TableShape, dialect: Dialect): readonly string[] {
  return dialect === 'mysql' ? createForMysql(shape) : createForSqlite(shape);
}

const words: Readonly<Record<string, string>> = {
  mediatype:
    "'UNKNOWN','BITMAP','DRAWING','AUDIO','VIDEO','MULTIMEDIA','OFFICE','TEXT','EXECUTABLE','ARCHIVE','3D'",
  majormime:
    "'unknown','application','audio','image','text','video','message','model','multipart','chemical'",
  linktype: "'page','subcat','file'",
};

const mysqlTypes: Readonly<Record<string, string>> = {
  id32: 'int unsigned',
  id64: 'bigint unsigned',
  i8: 'tinyint',
  u8: 'tinyint unsigned',
  u16: 'smallint unsigned',
  i32: 'int',
  u32: 'int unsigned',
  u64: 'bigint unsigned',
  f32: 'float',
  f64: 'double unsigned',
};

function createForMysql(shape: TableShape): readonly string[] {
  const lines = shape.columns.map((column) => {
    const numbered = column.type.startsWith('id') ? ' AUTO_INCREMENT' : '';
    return `${column.name} ${mysqlType(column.type)}${tail(column)}${numbered}`;
  });
  if (shape.primary.length > 0) lines.push(`PRIMARY KEY (${shape.primary.join(', ')})`);
  for (const index of shape.indexes) {
    lines.push(`${index.unique ? 'UNIQUE ' : ''}KEY ${index.name} (${index.columns.join(', ')})`);
  }
  return [
    `DROP TABLE IF EXISTS ${quoted(shape.name, 'mysql')}`,
    `CREATE TABLE ${quoted(shape.name, 'mysql')} (\n  ${lines.join(',\n  ')}\n) ENGINE=InnoDB DEFAULT CHARSET=binary`,
  ];
}

function mysqlType(type: string): string {
  const set = words[type];
  if (set !== undefined) return `enum(${set})`;
  const bytes = /^(vb|bin)(\d+)$/.exec(type);
  if (bytes !== null) return `${bytes[1] === 'vb' ? 'varbinary' : 'binary'}(${bytes[2]})`;
  return mysqlTypes[type] ?? type;
}

function createForSqlite(shape: TableShape): readonly string[] {
  const numbered = shape.columns.some((column) => column.type.startsWith('id'));
  const lines = shape.columns.map((column) =>
    column.type.startsWith('id')
      ? `${column.name} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL`
      : `${column.name} ${sqliteType(column.type)}${tail(column)}`,
  );
  if (!numbered && shape.primary.length > 0) lines.push(`PRIMARY KEY (${shape.primary.join(', ')})`);
  // Index names are one namespace for the whole file in SQLite; MediaWiki's are unique, a column prefix is left out.
  const indexes = shape.indexes.map(
    (index) =>
      `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${index.name} ON ${quoted(shape.name, 'sqlite')} (${index.columns
        .map((name) => name.replace(/\(\d+\)$/, ''))
        .join(', ')})`,
  );
  return [
    `DROP TABLE IF EXISTS ${quoted(shape.name, 'sqlite')}`,
    `CREATE TABLE ${quoted(shape.name, 'sqlite')} (\n  ${lines.join(',\n  ')}\n)`,
    ...indexes,
  ];
}

function sqliteType(type: string): string {
  if (type in words) return 'TEXT';
  if (/^(vb|bin)\d|blob$/.test(type)) return 'BLOB';
  if (type === 'timestamp') return 'DATETIME';
  if (type.startsWith('f')) return 'DOUBLE PRECISION';
  const size = /^([iu])(8|16|32|64)$/.exec(type);
  const base = size?.[2] === '64' ? 'BIGINT' : size?.[2] === '32' ? 'INTEGER' : 'SMALLINT';
  return size?.[1] === 'u' ? `${base} UNSIGNED` : base;
}

function tail(column: ColumnShape): string {
  const fallback =
    column.fallback !== null ? ` DEFAULT ${column.fallback}` : column.nullable ? ' DEFAULT NULL' : '';
  return `${column.nullable ? '' : ' NOT NULL'}${fallback}`;
}

/** A table's name in SQL: `user` and `block` are words of the language. */
export function quoted(name: string, dialect: Dialect): string {
  return dialect === 'mysql' ? `\`${name}\`` : `"${name}"`;
}
