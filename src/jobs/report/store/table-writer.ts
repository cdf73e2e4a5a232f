import {
  BOOLEAN,
  DOUBLE,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import type { DataFile } from './data-file.ts';

export type ColumnKind = 'uinteger' | 'integer' | 'double' | 'text' | 'boolean';

const types: Readonly<Record<ColumnKind, DuckDBType>> = {
  uinteger: UINTEGER,
  integer: INTEGER,
  double: DOUBLE,
  text: VARCHAR,
  boolean: BOOLEAN,
};

/** The engine's own number of rows in a chunk. */
const rowsPerChunk = 2048;
/** An appender holds what it was given until it is told to hand it on. */
const chunksPerFlush = 8;

/** Appends rows to a table, a chunk at a time. */
export class TableWriter {
  readonly #appender: DuckDBAppender;
  readonly #types: readonly DuckDBType[];
  /** Filled from the start again for each chunk: arrays that grow anew would be the most of the load's garbage. */
  readonly #columns: readonly DuckDBValue[][];
  #rows = 0;
  #written = 0;
  #chunks = 0;

  private constructor(appender: DuckDBAppender, kinds: readonly ColumnKind[]) {
    this.#appender = appender;
    this.#types = kinds.map((kind) => types[kind]);
    this.#columns = kinds.map(() => new Array<DuckDBValue>(rowsPerChunk).fill(null));
  }

  static async open(
    file: DataFile,
    table: string,
    columns: Readonly<Record<string, ColumnKind>>,
  ): Promise<TableWriter> {
    return new TableWriter(await file.connection.createAppender(table), Object.values(columns));
  }

  get rowsWritten(): number {
    return this.#written + this.#rows;
  }

  /** One value for each column, in their order. */
  add(...row: readonly DuckDBValue[]): void {
    for (let i = 0; i < row.length; i += 1) {
      const column = this.#columns[i];
      if (column !== undefined) column[this.#rows] = row[i] ?? null;
    }
    this.#rows += 1;
    if (this.#rows === rowsPerChunk) this.#writeChunk();
  }

  close(): void {
    this.#writeChunk();
    this.#appender.closeSync();
  }

  #writeChunk(): void {
    if (this.#rows === 0) return;
    const chunk = DuckDBDataChunk.create(this.#types, this.#rows);
    const isFull = this.#rows === rowsPerChunk;
    for (const [i, values] of this.#columns.entries()) {
      chunk.setColumnValues(i, isFull ? values : values.slice(0, this.#rows));
    }
    this.#appender.appendDataChunk(chunk);
    this.#written += this.#rows;
    this.#rows = 0;
    this.#chunks += 1;
    if (this.#chunks % chunksPerFlush === 0) this.#appender.flushSync();
  }
}
