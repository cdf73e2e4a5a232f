import { RotaError } from '../../../core/errors/rota-error.ts';
import { describeAddress, type SqliteAddress } from '../database-address.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const busy = 5;
const locked = 6;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;

/** Turns an error of node:sqlite into one for people. */
export function sqliteError(error: unknown, address: SqliteAddress): Error {
  if (error instanceof RotaError || error instanceof RangeError) return error;
  const where = describeAddress(address);
  const message = error instanceof Error ? error.message : String(error);
  const extended = (error as { errcode?: unknown } | null)?.errcode;
  const code = typeof extended === 'number' ? extended & 0xff : 0;
  const options = { cause: error, facts: { database: where } };
  const table = /no such table: (\S+)/.exec(message)?.[1];
  if (table !== undefined)
    return new RotaError(
      'TABLE_MISSING',
      `${where} has no table "${table}": check the file and tablePrefix ($wgDBprefix).`,
      { cause: error, facts: { database: where, table } },
    );
  switch (code) {
    case busy:
    case locked:
      return new RotaError(
        'QUERY_INTERRUPTED',
        `${where} is locked by a writer (${message}): try again.`,
        options,
      );
    case full:
      return new RotaError(
        'DISK_FULL',
        `There is no room for the private copy of ${where}: free some.`,
        options,
      );
    case cannotOpen:
    case ioError:
      return new RotaError('DATABASE_UNREACHABLE', `${where} cannot be read (${message}).`, options);
    case notADatabase:
      return new RotaError(
        'NOT_A_WIKI',
        `${where} is not an SQLite database: check the path in rota.yaml.`,
        options,
      );
    case corrupt:
      return new RotaError(
        'QUERY_FAILED',
        `${where} is damaged (${message}): check it with PRAGMA integrity_check.`,
        options,
      );
  }
  return new RotaError('QUERY_FAILED', `${where} refused a query (${message}).`, options);
}
