import { longestKeyBytes, type MysqlType } from './column-type.ts';
import type { ColumnContent } from './measure-columns.ts';
import type { SqliteColumn, SqliteKey, SqliteShape } from './read-shape.ts';

export interface TypedColumn {
  readonly column: SqliteColumn;
  readonly content: ColumnContent;
  readonly type: MysqlType;
}

/** What of a value stands in a key that could not hold it whole. */
const prefixBytes = 255;

/** The CREATE TABLE statement of MySQL for a table of SQLite, without the closing semicolon. */
export function createTable(table: string, shape: SqliteShape, columns: readonly TypedColumn[]): string {
  const lines = [
    ...columns.map((typed) => columnLine(typed, shape)),
    ...shape.keys.map((key) => keyLine(key, columns)),
  ];
  return `CREATE TABLE ${mysqlName(table)} (\n  ${lines.join(',\n  ')}\n) ENGINE=InnoDB DEFAULT CHARSET=binary`;
}

export function mysqlName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function columnLine({ column, content, type }: TypedColumn, shape: SqliteShape): string {
  const isPrimary = shape.keys.some(
    (key) => key.kind === 'primary' && key.columns.includes(column.name) && !content.hasNull,
  );
  const counts = shape.autoIncrement === column.name && !type.isBytes;
  const words = [mysqlName(column.name), type.sql];
  if (column.notNull || isPrimary) words.push('NOT NULL');
  if (counts) words.push('AUTO_INCREMENT');
  else words.push(...defaultWords(column, type));
  return words.join(' ');
}

/** Literals only; a blob has no default in MySQL. */
function defaultWords({ defaultSql, notNull }: SqliteColumn, type: MysqlType): readonly string[] {
  if (type.keyBytes === null || defaultSql === null) return [];
  if (/^null$/i.test(defaultSql)) return notNull ? [] : ['DEFAULT NULL'];
  if (/^[+-]?\d+(\.\d+)?$/.test(defaultSql)) return ['DEFAULT', defaultSql];
  const text = /^'((?:[^'\\]|'')*)'$/.exec(defaultSql)?.[1];
  if (text === undefined || (!type.isBytes && !/^-?\d+(\.\d+)?$/.test(text))) return [];
  return ['DEFAULT', `'${text}'`];
}

function keyLine(key: SqliteKey, columns: readonly TypedColumn[]): string {
  const parts = key.columns.map((name) => columns.find(({ column }) => column.name === name));
  const bytes = parts.reduce((sum, part) => sum + (part?.type.keyBytes ?? Number.POSITIVE_INFINITY), 0);
  const isWhole = bytes <= longestKeyBytes;
  const names = key.columns.map((name, i) => {
    const type = parts[i]?.type;
    const short = !isWhole && type?.isBytes && (type.keyBytes ?? Number.POSITIVE_INFINITY) > prefixBytes;
    return short ? `${mysqlName(name)}(${prefixBytes})` : mysqlName(name);
  });
  const list = `(${names.join(',')})`;
  const name = key.kind === 'primary' ? 'primary_key' : key.name;
  // Prefixes that are equal do not make values equal; and SQLite lets NULL stand in a primary key.
  if (!isWhole || key.kind === 'plain') return `KEY ${mysqlName(name)} ${list}`;
  if (key.kind === 'primary' && !parts.some((part) => part?.content.hasNull)) return `PRIMARY KEY ${list}`;
  return `UNIQUE KEY ${mysqlName(name)} ${list}`;
}
