import type { ColumnContent } from './measure-columns.ts';

/** A column's type in MySQL. */
export interface MysqlType {
  readonly sql: string;
  /** Values are written in quotes. */
  readonly isBytes: boolean;
  /** What it takes in a key; null where only a prefix can stand in one. */
  readonly keyBytes: number | null;
}

/** InnoDB's limit for all parts of a key. */
export const longestKeyBytes = 3072;
const longestMediumBlobBytes = 2 ** 24 - 1;
const longestPlainBytes = 1024;
const exactReal = 2n ** 53n;

/** Bits and names of MySQL's integers, small ones first. */
const integers = [
  { name: 'tinyint', bits: 8n },
  { name: 'smallint', bits: 16n },
  { name: 'int', bits: 32n },
  { name: 'bigint', bits: 64n },
] as const;

/**
 * The type that holds a column's values exactly: as it is declared where they fit, else a wider one. SQLite's rules of
 * affinity (sqlite.org/datatype3.html, 3.1) say which kind a declaration means; MediaWiki's SQLite schema calls all its
 * binary strings BLOB, so those in a key become VARBINARY, which can be one.
 */
export function columnType(
  declared: string,
  content: ColumnContent,
  options: { readonly inKey: boolean },
): MysqlType {
  const affinity = affinityOf(declared);
  if (affinity === 'bytes' || content.hasBytes || isInexact(affinity, content))
    return bytesType(declared, content, options.inKey);
  if (affinity === 'real' || content.hasReal) return { sql: 'double', isBytes: false, keyBytes: 8 };
  return integerType(declared, content);
}

type Affinity = 'integer' | 'real' | 'numeric' | 'bytes';

function affinityOf(declared: string): Affinity {
  if (/INT/i.test(declared)) return 'integer';
  if (/CHAR|CLOB|TEXT|BLOB|BINARY/i.test(declared) || declared === '') return 'bytes';
  return /REAL|FLOA|DOUB/i.test(declared) ? 'real' : 'numeric';
}

/** Integers beside reals that a double would round. */
function isInexact(affinity: Affinity, content: ColumnContent): boolean {
  if (affinity !== 'real' && !content.hasReal) return false;
  return (content.greatest ?? 0n) > exactReal || (content.least ?? 0n) < -exactReal;
}

function integerType(declared: string, content: ColumnContent): MysqlType {
  const least = content.least ?? 0n;
  const greatest = content.greatest ?? 0n;
  const unsigned = /UNSIGNED/i.test(declared) && least >= 0n;
  const fits = (bits: bigint) =>
    unsigned ? greatest < 2n ** bits : least >= -(2n ** (bits - 1n)) && greatest < 2n ** (bits - 1n);
  const [, word = 'int'] = /\b(tinyint|smallint|bigint)\b/i.exec(declared) ?? [];
  const first = integers.findIndex(({ name }) => name === word.toLowerCase());
  const type = integers.slice(first).find(({ bits }) => fits(bits)) ?? integers[3];
  return {
    sql: unsigned ? `${type.name} unsigned` : type.name,
    isBytes: false,
    keyBytes: Number(type.bits) / 8,
  };
}

function bytesType(declared: string, content: ColumnContent, inKey: boolean): MysqlType {
  const given = Number(/\(\s*(\d+)\s*\)/.exec(declared)?.[1] ?? 0);
  const length = Math.max(given, content.longestBytes);
  if (inKey && length <= longestKeyBytes) return varbinary(Math.max(255, length));
  if (given > 0 && length <= longestPlainBytes) return varbinary(length);
  const sql = content.longestBytes > longestMediumBlobBytes ? 'longblob' : 'mediumblob';
  return { sql, isBytes: true, keyBytes: null };
}

function varbinary(length: number): MysqlType {
  return { sql: `varbinary(${length})`, isBytes: true, keyBytes: length };
}
