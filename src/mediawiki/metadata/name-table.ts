import type { DatabaseConnection } from '../database/database-connection.ts';

/** A small table of id and name (slot_roles, content_models), kept whole and read again when an id is new. */
export class NameTable {
  readonly #connection: DatabaseConnection;
  readonly #sql: string;
  #names = new Map<number, string>();
  #unknown = new Set<number>();

  constructor(connection: DatabaseConnection, table: string, idColumn: string, nameColumn: string) {
    this.#connection = connection;
    this.#sql = `SELECT ${idColumn}, ${connection.dialect.bytes(nameColumn)} FROM ${table}`;
  }

  /** Makes sure that {@link nameOf} has an answer for these ids. */
  async know(ids: Iterable<number>): Promise<void> {
    let isNew = false;
    for (const id of ids) isNew ||= !this.#names.has(id) && !this.#unknown.has(id);
    if (!isNew) return;
    const rows = await this.#connection.select(this.#sql);
    while (rows.next()) this.#names.set(rows.int(0), rows.binary(1));
    for (const id of ids) if (!this.#names.has(id)) this.#unknown.add(id);
  }

  /** Undefined for an id without a row. */
  nameOf(id: number): string | undefined {
    return this.#names.get(id);
  }
}
