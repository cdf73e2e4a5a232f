import { crc32 } from 'node:zlib';
import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import type { IdCounters } from './id-counters.ts';

const remembered = 20_000;

/** Writes edit summaries; one that was used lately is used again, as MediaWiki does. */
export class CommentStore {
  readonly #ids: IdCounters;
  readonly #comments: TableWriter;
  readonly #known = new Map<string, number>();

  constructor(database: DemoDatabase, ids: IdCounters) {
    this.#ids = ids;
    this.#comments = new TableWriter(database, 'comment', ['comment_id', 'comment_hash', 'comment_text']);
  }

  /** The id of a comment of at most 500 characters. */
  id(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const id = ++this.#ids.comment;
    // MediaWiki's hash is the CRC-32 of the text as a signed number of 32 bits.
    this.#comments.add([id, crc32(text) | 0, text]);
    if (this.#known.size >= remembered) this.#known.clear();
    this.#known.set(text, id);
    return id;
  }

  get writers(): readonly TableWriter[] {
    return [this.#comments];
  }
}
