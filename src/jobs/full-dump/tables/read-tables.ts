import type { DatabaseConnection } from '../../../mediawiki/database/database-connection.ts';
import { listTables } from '../../../mediawiki/metadata/list-tables.ts';

/** Every table of the database (with prefix) with its size in bytes, about; 1 where the database does not tell it. */
export async function readTables(connection: DatabaseConnection): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map((await listTables(connection)).map((name) => [name, 1]));
  if (connection.dialect.name === 'sqlite') return sizes;
  const rows = await connection.query(
    'SELECT TABLE_NAME, DATA_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()',
  );
  for (const [name, bytes] of rows) {
    const table = name?.toString('utf8') ?? '';
    if (sizes.has(table)) sizes.set(table, Math.max(1, Number(bytes?.toString('latin1') ?? 1)));
  }
  return sizes;
}
