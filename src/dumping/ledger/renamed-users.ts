import type { LedgerUser } from '../../export/ledger/ledger-format.ts';
import type { LedgerCursor } from './ledger-cursor.ts';

/** Of one base: user id to the name that the base has, where it is another today. */
export type RenamedUsers = ReadonlyMap<number, string>;

/**
 * Passes today's users through, and compares them with those of the bases, whose cursors stand before their first entry.
 * What comes of it is a hint: whoever uses it proves by digests that nothing but the name is another.
 * Memory: the users that were renamed.
 */
export class UserComparison {
  readonly #bases: readonly { readonly renamed: Map<number, string>; readonly users: UserCursor }[];

  constructor(cursors: readonly LedgerCursor[]) {
    this.#bases = cursors.map((cursor) => ({ renamed: new Map(), users: new UserCursor(cursor.users()) }));
  }

  async *pass(
    users: AsyncIterable<readonly LedgerUser[]>,
  ): AsyncGenerator<readonly LedgerUser[], void, undefined> {
    for await (const batch of users) {
      for (const { id, name } of batch) {
        for (const base of this.#bases) {
          const before = await base.users.find(id);
          if (before !== null && before !== name) base.renamed.set(id, before);
        }
      }
      yield batch;
    }
    for (const { users: rest } of this.#bases) await rest.finish();
  }

  /** In the order of the bases; known when all users have passed. */
  get renamed(): readonly RenamedUsers[] {
    return this.#bases.map((base) => base.renamed);
  }
}

class UserCursor {
  readonly #users: AsyncGenerator<LedgerUser, void, void>;
  #user: LedgerUser | null = null;

  constructor(users: AsyncGenerator<LedgerUser, void, void>) {
    this.#users = users;
  }

  /** Asked with rising ids. */
  async find(id: number): Promise<string | null> {
    while (this.#user === null || this.#user.id < id) {
      const next = await this.#users.next();
      if (next.done === true) return null;
      this.#user = next.value;
    }
    return this.#user.id === id ? this.#user.name : null;
  }

  /** The pages come after the users. */
  async finish(): Promise<void> {
    while ((await this.#users.next()).done !== true);
  }
}
