import type { DatabaseConnection } from '../database/database-connection.ts';
import { tableName } from '../schema/table-name.ts';

const revisionsPerQuery = 500;

/** The present addresses of slots, by {@link slotKey}: storage scripts move texts while a dump runs. */
export async function lookUpAddresses(
  connection: DatabaseConnection,
  revisionIds: readonly number[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const table = (name: string) => tableName(connection, name, connection.address.tablePrefix ?? '');
  const { bytes } = connection.dialect;
  const sql =
    `SELECT slot_revision_id, ${bytes('role_name')}, ${bytes('content_address')} FROM ${table('slots')} ` +
    `JOIN ${table('slot_roles')} ON role_id = slot_role_id ` +
    `JOIN ${table('content')} ON content_id = slot_content_id WHERE slot_revision_id IN (?)`;
  const addresses = new Map<string, string>();
  for (let at = 0; at < revisionIds.length; at += revisionsPerQuery) {
    const rows = await connection.select(sql, [revisionIds.slice(at, at + revisionsPerQuery)], { signal });
    while (rows.next()) addresses.set(slotKey(rows.int(0), rows.binary(1)), rows.binary(2));
  }
  return addresses;
}

export function slotKey(revisionId: number, role: string): string {
  return `${revisionId}/${role}`;
}
