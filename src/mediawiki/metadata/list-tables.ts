import type { DatabaseConnection } from '../database/database-connection.ts';

/** The names of all tables that the account can see, sorted; with prefix, without views. */
export async function listTables(connection: DatabaseConnection): Promise<string[]> {
  const rows =
    connection.dialect.name === 'sqlite'
      ? await connection.select("SELECT name FROM sqlite_master WHERE type = 'table'")
      : await connection.select("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'");
  const names: string[] = [];
  while (rows.next()) names.push(Buffer.from(rows.binary(0), 'latin1').toString('utf8'));
  return names.sort();
}
