import { createHash, type Hash } from 'node:crypto';
import type { DemoDatabase, Value } from './demo-database.ts';

/** Keeps only a hash of everything that was written: shows that a seed gives the same wiki again. */
export class DigestDatabase implements DemoDatabase {
  readonly dialect = 'sqlite';
  readonly #hash: Hash = createHash('sha256');
  rows = 0;

  async execute(statements: readonly string[]): Promise<void> {
    this.#hash.update(statements.join(';'));
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void> {
    this.rows += rows.length;
    this.#hash.update(`${table} ${columns.join(' ')}`);
    for (const row of rows) {
      for (const value of row) this.#hash.update(value === null ? '\0' : `${value}`).update('|');
    }
  }

  async run(sql: string, parameters: readonly Value[] = []): Promise<void> {
    this.#hash.update(sql + parameters.join('|'));
  }

  async query(): Promise<readonly (readonly Value[])[]> {
    return [];
  }

  async commit(): Promise<void> {}

  /** Hexadecimal SHA-256 of all that was written so far. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
