import type { DatabaseConnection } from '../database/database-connection.ts';
import type { BinaryString } from '../record/revision-record.ts';

export interface Actor {
  readonly userId: number;
  readonly userName: BinaryString;
}

const idsPerQuery = 1000;

/** Actors by id. Few actors make most revisions, so a bounded cache saves a join over every row. */
export class ActorCache {
  readonly #connection: DatabaseConnection;
  readonly #sql: string;
  readonly #limit: number;
  #recent = new Map<number, Actor | null>();
  #older = new Map<number, Actor | null>();

  constructor(connection: DatabaseConnection, table: string, limit = 100_000) {
    this.#connection = connection;
    this.#limit = limit;
    const { bytes } = connection.dialect;
    this.#sql = `SELECT actor_id, actor_user, ${bytes('actor_name')} FROM ${table} WHERE actor_id IN (?)`;
  }

  /** Who these ids are. The answer holds for them for ever, whatever is asked afterwards; null is an id without a row. */
  async know(ids: Iterable<number>): Promise<(id: number) => Actor | null> {
    if (this.#recent.size > this.#limit / 2) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    const names = this.#recent;
    const missing: number[] = [];
    for (const id of ids) {
      if (names.has(id)) continue;
      const known = this.#older.get(id);
      if (known === undefined) missing.push(id);
      names.set(id, known ?? null);
    }
    for (let at = 0; at < missing.length; at += idsPerQuery) {
      const rows = await this.#connection.select(this.#sql, [missing.slice(at, at + idsPerQuery)]);
      while (rows.next()) names.set(rows.int(0), { userId: rows.int(1), userName: rows.binary(2) });
    }
    return (id) => names.get(id) ?? null;
  }
}
