import type { BinaryString } from '../record/revision-record.ts';
import type { ResultRows } from './database-connection.ts';

export type CellValue = Uint8Array | string | number | bigint | null;

/** A cursor over rows that a library has already made into arrays. */
export class ArrayRows implements ResultRows {
  readonly columns: readonly string[];
  readonly #rows: readonly (readonly CellValue[])[];
  #index = -1;
  #row: readonly CellValue[] = [];

  constructor(columns: readonly string[], rows: readonly (readonly CellValue[])[]) {
    this.columns = columns;
    this.#rows = rows;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  next(): boolean {
    const row = this.#rows[++this.#index];
    if (row === undefined) return false;
    this.#row = row;
    return true;
  }

  rewind(): void {
    this.#index = -1;
  }

  isNull(column: number): boolean {
    return this.#row[column] == null;
  }

  int(column: number): number {
    const value = this.#row[column];
    if (value == null) return 0;
    const number = typeof value === 'number' ? value : Number(textOf(value));
    if (!Number.isSafeInteger(number))
      throw new RangeError(`column ${this.columns[column]} holds no exact integer`);
    return number;
  }

  binary(column: number): BinaryString {
    const bytes = this.bytes(column);
    if (bytes === null) return '';
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  }

  bytes(column: number): Uint8Array | null {
    const value = this.#row[column];
    if (value == null) return null;
    return value instanceof Uint8Array ? value : Buffer.from(String(value), 'utf8');
  }

  byteLength(column: number): number {
    return this.bytes(column)?.length ?? 0;
  }

  byteAt(column: number, index: number): number {
    return this.bytes(column)?.[index] ?? 0;
  }

  copyBytes(column: number, target: Uint8Array, at: number): void {
    const bytes = this.bytes(column);
    if (bytes !== null) target.set(bytes, at);
  }
}

function textOf(value: Uint8Array | string | bigint): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
}
