import { checkTablePrefix } from '../database/database-address.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';

/** A wiki's table as SQL, with $wgDBprefix. */
export function tableName(connection: DatabaseConnection, table: string, tablePrefix: string): string {
  return connection.dialect.table(checkTablePrefix(tablePrefix) + table);
}
