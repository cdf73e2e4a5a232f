import type { DatabaseAddress } from './database-address.ts';
import type { DatabaseConnection, OpenDatabaseOptions } from './database-connection.ts';
import { openMariadb } from './mariadb/connection.ts';
import { openSqlite } from './sqlite/connection.ts';

/**
 * Opens a wiki's database for reading.
 * @throws RotaError DATABASE_UNREACHABLE, DATABASE_LOGIN_REFUSED, DATABASE_MISSING
 */
export function openDatabase(
  address: DatabaseAddress,
  options: OpenDatabaseOptions,
): Promise<DatabaseConnection> {
  return address.dialect === 'sqlite' ? openSqlite(address, options) : openMariadb(address, options);
}
