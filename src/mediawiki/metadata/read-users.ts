import type { DatabaseConnection } from '../database/database-connection.ts';
import type { BinaryString } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';

export interface UserName {
  readonly id: number;
  readonly name: BinaryString;
}

/** The names under which registered users' edits stand, ascending by user id. Of everybody, hidden ones as well. */
export async function* readUsers(
  connection: DatabaseConnection,
  schema: WikiSchema,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<readonly UserName[], void, undefined> {
  const limit = 20_000;
  const actor = tableName(connection, 'actor', schema.tablePrefix);
  const name = connection.dialect.bytes('actor_name');
  for (let after = 0; ; ) {
    options.signal?.throwIfAborted();
    const rows = await connection.select(
      `SELECT actor_user, ${name} FROM ${actor} WHERE actor_user > ? ORDER BY actor_user LIMIT ${limit}`,
      [after],
      { signal: options.signal },
    );
    const users: UserName[] = [];
    while (rows.next()) {
      const id = rows.int(0);
      // The index is unique; a damaged table must not stop the dump.
      if (id > after) users.push({ id, name: rows.binary(1) });
      after = id;
    }
    if (users.length > 0) yield users;
    if (users.length < limit) return;
  }
}
