import type { DemoDatabase, Value } from './demo-database.ts';

/** Collects rows of one table and writes them many at a time. */
export class TableWriter {
  readonly table: string;
  readonly #database: DemoDatabase;
  readonly #columns: readonly string[];
  readonly #rowsAtOnce: number;
  readonly #bytesAtOnce = 4 << 20;
  #rows: (readonly Value[])[] = [];
  #bytes = 0;

  constructor(database: DemoDatabase, table: string, columns: readonly string[], rowsAtOnce = 500) {
    this.#database = database;
    this.table = table;
    this.#columns = columns;
    this.#rowsAtOnce = rowsAtOnce;
  }

  /** Keeps a row; true when it is time to flush. */
  add(row: readonly Value[]): boolean {
    this.#rows.push(row);
    for (const value of row) if (Buffer.isBuffer(value)) this.#bytes += value.length;
    return this.full;
  }

  get full(): boolean {
    return this.#rows.length >= this.#rowsAtOnce || this.#bytes >= this.#bytesAtOnce;
  }

  async flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.#bytes = 0;
    await this.#database.insert(this.table, this.#columns, rows);
  }
}
