import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import type { Author } from '../people/people.ts';
import type { CommentStore } from './comment-store.ts';
import type { IdCounters } from './id-counters.ts';
import { type PhpValue, phpSerialize } from './php-serialize.ts';

export interface NewLogEntry {
  readonly type: string;
  readonly action: string;
  /** 14 digits. */
  readonly timestamp: string;
  readonly author: Author;
  readonly namespace: number;
  readonly title: string;
  /** 0: no page. */
  readonly pageId: number;
  readonly comment: string;
  readonly params: Readonly<Record<string, PhpValue>>;
  /** Bits of log_deleted: 1 action, 2 comment, 4 user, 8 restricted. */
  readonly deleted?: number;
}

/** Writes log entries and what log_search keeps of them. */
export class LogRecorder {
  readonly #ids: IdCounters;
  readonly #comments: CommentStore;
  readonly #log: TableWriter;
  readonly #search: TableWriter;

  constructor(database: DemoDatabase, ids: IdCounters, comments: CommentStore) {
    this.#ids = ids;
    this.#comments = comments;
    this.#log = new TableWriter(
      database,
      'logging',
      'log_id log_type log_action log_timestamp log_actor log_namespace log_title log_page log_comment_id log_params log_deleted'.split(
        ' ',
      ),
    );
    this.#search = new TableWriter(database, 'log_search', ['ls_field', 'ls_value', 'ls_log_id']);
  }

  add(entry: NewLogEntry): number {
    const id = ++this.#ids.log;
    this.#log.add([
      id,
      entry.type,
      entry.action,
      entry.timestamp,
      entry.author.actorId,
      entry.namespace,
      entry.title,
      entry.pageId,
      this.#comments.id(entry.comment),
      phpSerialize(entry.params),
      entry.deleted ?? 0,
    ]);
    const revision = entry.params.associated_rev_id;
    if (typeof revision === 'number') this.#search.add(['associated_rev_id', `${revision}`, id]);
    return id;
  }

  get writers(): readonly TableWriter[] {
    return [this.#log, this.#search];
  }
}
