import type { BinaryString } from '../../record/revision-record.ts';
import type { ResultRows } from '../database-connection.ts';

export interface AnswerParts {
  readonly buffer: Buffer;
  /** Offsets of the column definitions' payloads. */
  readonly columnStarts: readonly number[];
  readonly rowsStart: number;
  readonly rowCount: number;
  /** Payload lengths of packets of 16 MiB and more, by the offset of their header. */
  readonly joined: ReadonlyMap<number, number>;
}

/** Rows longer than this are not turned into one string for the sake of their short columns. */
const longRow = 4096;

/** Shorter columns are copied byte by byte: a call into the runtime costs more. */
const shortColumn = 48;

/** A cursor over the row packets of an answer: length-coded columns, read where they lie. */
export class AnswerRows implements ResultRows {
  readonly rowCount: number;
  readonly #buffer: Buffer;
  readonly #columnStarts: readonly number[];
  readonly #joined: ReadonlyMap<number, number>;
  /** Where each column of the present row begins; -1 for NULL. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  #columns: string[] | null = null;
  readonly #rowsStart: number;
  #left: number;
  #at: number;
  #rowStart = 0;
  #rowEnd = 0;
  #rowText: string | null = null;

  constructor(parts: AnswerParts) {
    this.#buffer = parts.buffer;
    this.#columnStarts = parts.columnStarts;
    this.#joined = parts.joined;
    this.rowCount = parts.rowCount;
    this.#left = parts.rowCount;
    this.#rowsStart = parts.rowsStart;
    this.#at = parts.rowsStart;
    this.#starts = new Int32Array(parts.columnStarts.length);
    this.#ends = new Int32Array(parts.columnStarts.length);
  }

  get columns(): readonly string[] {
    this.#columns ??= this.#columnStarts.map((start) => columnName(this.#buffer, start));
    return this.#columns;
  }

  next(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    const buffer = this.#buffer;
    const header = this.#at;
    let length = buffer.readUIntLE(header, 3);
    if (length === 0xffffff) length = this.#joined.get(header) ?? length;
    let at = header + 4;
    this.#rowText = null;
    this.#rowStart = at;
    this.#rowEnd = at + length;
    this.#at = this.#rowEnd;
    const starts = this.#starts;
    const ends = this.#ends;
    for (let column = 0; column < starts.length; column++) {
      let size = buffer[at] ?? 0;
      if (size < 251) {
        at += 1;
      } else if (size === 251) {
        starts[column] = -1;
        ends[column] = -1;
        at += 1;
        continue;
      } else if (size === 252) {
        size = buffer.readUInt16LE(at + 1);
        at += 3;
      } else if (size === 253) {
        size = buffer.readUIntLE(at + 1, 3);
        at += 4;
      } else {
        size = Number(buffer.readBigUInt64LE(at + 1));
        at += 9;
      }
      starts[column] = at;
      at += size;
      ends[column] = at;
    }
    if (at !== this.#rowEnd) throw new RangeError('a row of the database server is not whole');
    return true;
  }

  rewind(): void {
    this.#left = this.rowCount;
    this.#at = this.#rowsStart;
  }

  isNull(column: number): boolean {
    return this.#start(column) < 0;
  }

  int(column: number): number {
    let at = this.#start(column);
    if (at < 0) return 0;
    const end = this.#end(column);
    const buffer = this.#buffer;
    const isNegative = buffer[at] === 0x2d;
    if (isNegative) at++;
    let value = 0;
    for (; at < end; at++) {
      const digit = (buffer[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) throw new RangeError(`column ${this.columns[column]} holds no integer`);
      value = value * 10 + digit;
    }
    if (value > Number.MAX_SAFE_INTEGER)
      throw new RangeError(`column ${this.columns[column]} holds no exact integer`);
    return isNegative ? -value : value;
  }

  binary(column: number): BinaryString {
    const start = this.#start(column);
    if (start < 0) return '';
    const end = this.#end(column);
    // One call into the runtime a row, not one a column.
    if (this.#rowEnd - this.#rowStart > longRow) return this.#buffer.toString('latin1', start, end);
    this.#rowText ??= this.#buffer.toString('latin1', this.#rowStart, this.#rowEnd);
    return this.#rowText.substring(start - this.#rowStart, end - this.#rowStart);
  }

  bytes(column: number): Uint8Array | null {
    const start = this.#start(column);
    return start < 0 ? null : this.#buffer.subarray(start, this.#end(column));
  }

  byteLength(column: number): number {
    const start = this.#start(column);
    return start < 0 ? 0 : this.#end(column) - start;
  }

  byteAt(column: number, index: number): number {
    return this.#buffer[this.#start(column) + index] ?? 0;
  }

  copyBytes(column: number, target: Uint8Array, at: number): void {
    const start = this.#start(column);
    if (start < 0) return;
    const end = this.#end(column);
    const buffer = this.#buffer;
    if (end - start > shortColumn) {
      buffer.copy(target, at, start, end);
      return;
    }
    for (let from = start; from < end; from++) target[at++] = buffer[from] ?? 0;
  }

  #start(column: number): number {
    const start = this.#starts[column];
    if (start === undefined) throw new RangeError(`there is no column ${column}`);
    return start;
  }

  #end(column: number): number {
    return this.#ends[column] ?? 0;
  }
}

/** A column definition begins with catalog, schema, table, original table and name, each length-coded. */
function columnName(buffer: Buffer, at: number): string {
  for (let skipped = 0; skipped < 4; skipped++) at += 1 + (buffer[at] ?? 0);
  return buffer.toString('utf8', at + 1, at + 1 + (buffer[at] ?? 0));
}
