import type { BufferLease } from '../database/answer-buffers.ts';
import type { DatabaseConnection, ResultRows } from '../database/database-connection.ts';
import type { TextFlags } from './text-flags.ts';
import { FlagsCache } from './text-flags.ts';

/** A row of the text table. The bytes are a view of the answer's buffer. */
export interface StoredRow {
  readonly bytes: Uint8Array;
  readonly flags: TextFlags;
}

export interface WantedId {
  readonly id: number;
  /** Size of the text, about. */
  readonly sizeBytes: number;
}

const idsPerQuery = 500;
/** Texts are asked for until their sizes (before compression) reach this: an answer is kept in memory whole. */
const bytesPerQuery = 32 * 1024 * 1024;

/** Cuts ids into questions of bounded size. */
export function* questions(wanted: readonly WantedId[]): Generator<{ ids: number[]; bytes: number }> {
  let ids: number[] = [];
  let bytes = 0;
  for (const { id, sizeBytes } of wanted) {
    ids.push(id);
    bytes += sizeBytes + 32;
    if (ids.length >= idsPerQuery || bytes >= bytesPerQuery) {
      yield { ids, bytes };
      ids = [];
      bytes = 0;
    }
  }
  if (ids.length > 0) yield { ids, bytes };
}

/** Reads rows of the text table by id, in batches. */
export class TextTable {
  readonly #connection: DatabaseConnection;
  readonly #sql: string;
  readonly #flags = new FlagsCache();

  constructor(connection: DatabaseConnection, table: string) {
    this.#connection = connection;
    const { bytes } = connection.dialect;
    this.#sql = `SELECT old_id, ${bytes('old_flags')}, ${bytes('old_text')} FROM ${table} WHERE old_id IN (?)`;
  }

  /** The rows that exist, until the lease is released. Ids must not repeat. */
  async read(
    wanted: readonly WantedId[],
    buffers: BufferLease,
    signal?: AbortSignal,
  ): Promise<Map<number, StoredRow>> {
    const found = new Map<number, StoredRow>();
    for (const { ids, bytes } of questions(wanted)) {
      const rows = await this.#connection.select(this.#sql, [ids], {
        signal,
        ownBuffer: true,
        buffers,
        expectedBytes: expectedBytes(bytes),
      });
      this.#collect(rows, found);
    }
    return found;
  }

  #collect(rows: ResultRows, found: Map<number, StoredRow>): void {
    while (rows.next()) {
      const bytes = rows.bytes(2);
      if (bytes !== null) found.set(rows.int(0), { bytes, flags: this.#flags.ofColumn(rows, 1) });
    }
  }
}

/** Reads blobs of an external store by id, in batches. */
export async function readBlobs(
  connection: DatabaseConnection,
  wanted: readonly WantedId[],
  buffers: BufferLease,
  signal?: AbortSignal,
): Promise<Map<number, Uint8Array>> {
  const { bytes: asBytes, table } = connection.dialect;
  const blobs = table(`${connection.address.tablePrefix ?? ''}blobs`);
  const sql = `SELECT blob_id, ${asBytes('blob_text')} FROM ${blobs} WHERE blob_id IN (?)`;
  const found = new Map<number, Uint8Array>();
  for (const { ids, bytes } of questions(wanted)) {
    const rows = await connection.select(sql, [ids], {
      signal,
      ownBuffer: true,
      buffers,
      expectedBytes: expectedBytes(bytes),
    });
    while (rows.next()) {
      const blob = rows.bytes(1);
      if (blob !== null) found.set(rows.int(0), blob);
    }
  }
  return found;
}

/** Stored texts are mostly compressed, to a third or so; too small a guess costs a copy, too large one memory. */
function expectedBytes(textBytes: number): number {
  return Math.ceil(textBytes * 0.5);
}
