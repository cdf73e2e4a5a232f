import type { DatabaseConnection, QueryParameter } from '../database/database-connection.ts';
import type { BinaryString } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';

/** Values of one question. */
const perQuestion = 1000;

/** Finds pages by what is on them or what they are called. Memory: the ids that are found. */
export class PageFinder {
  readonly #connection: DatabaseConnection;
  readonly #schema: WikiSchema;
  readonly #signal: AbortSignal | undefined;

  constructor(connection: DatabaseConnection, schema: WikiSchema, signal?: AbortSignal) {
    this.#connection = connection;
    this.#schema = schema;
    this.#signal = signal;
  }

  /** Pages with revisions of a range of ids. */
  async ofRevisions(range: { readonly after: number; readonly upTo: number }): Promise<number[]> {
    return await this.#ids(
      `SELECT DISTINCT rev_page FROM ${this.#table('revision')} WHERE rev_id > ? AND rev_id <= ?`,
      [range.after, range.upTo],
    );
  }

  /** Pages that are called so now. */
  async named(namespace: number, titles: readonly BinaryString[]): Promise<number[]> {
    return await this.#inPortions(titles, (portion) =>
      this.#ids(
        `SELECT page_id FROM ${this.#table('page')} WHERE page_namespace = ? AND ${this.#bytes('page_title')} IN (?)`,
        [namespace, portion],
      ),
    );
  }

  /** Pages that registered users have edited, by user id. */
  async editedBy(users: readonly number[]): Promise<number[]> {
    return await this.#editedBy(
      await this.#inPortions(users, (portion) =>
        this.#ids(`SELECT actor_id FROM ${this.#table('actor')} WHERE actor_user IN (?)`, [portion]),
      ),
    );
  }

  /** The same by their names. */
  async editedByNamed(names: readonly BinaryString[]): Promise<number[]> {
    return await this.#editedBy(
      await this.#inPortions(names, (portion) =>
        this.#ids(`SELECT actor_id FROM ${this.#table('actor')} WHERE ${this.#bytes('actor_name')} IN (?)`, [
          portion,
        ]),
      ),
    );
  }

  async #editedBy(actors: readonly number[]): Promise<number[]> {
    const revision = this.#table('revision');
    const found = await this.#inPortions(actors, (portion) =>
      this.#ids(`SELECT DISTINCT rev_page FROM ${revision} WHERE rev_actor IN (?)`, [portion]),
    );
    if (!this.#schema.hasActorTemp) return found;
    const temp = this.#table('revision_actor_temp');
    const more = await this.#inPortions(actors, (portion) =>
      this.#ids(
        `SELECT DISTINCT rev_page FROM ${temp} JOIN ${revision} ON rev_id = revactor_rev WHERE revactor_actor IN (?)`,
        [portion],
      ),
    );
    return [...found, ...more];
  }

  async #inPortions<T extends number | BinaryString>(
    values: readonly T[],
    find: (portion: readonly number[] | readonly BinaryString[]) => Promise<number[]>,
  ): Promise<number[]> {
    const found: number[] = [];
    for (let at = 0; at < values.length; at += perQuestion) {
      const portion = values.slice(at, at + perQuestion) as readonly number[] | readonly BinaryString[];
      for (const id of await find(portion)) found.push(id);
    }
    return found;
  }

  async #ids(query: string, parameters: readonly QueryParameter[]): Promise<number[]> {
    const rows = await this.#connection.select(query, parameters, { signal: this.#signal });
    const ids: number[] = [];
    while (rows.next()) ids.push(rows.int(0));
    return ids;
  }

  #table(name: string): string {
    return tableName(this.#connection, name, this.#schema.tablePrefix);
  }

  #bytes(column: string): string {
    return this.#connection.dialect.bytes(column);
  }
}
