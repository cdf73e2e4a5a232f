import { DatabaseSync } from 'node:sqlite';
import { sha1Base36 } from '../text/sha1.ts';

/** The tables of a wiki that a dump reads, as each generation of the schema has them; for tests. */
const tables: Readonly<Record<string, string>> = {
  page: 'page_id INTEGER PRIMARY KEY, page_namespace INTEGER, page_title BLOB, page_is_redirect INTEGER DEFAULT 0, page_latest INTEGER',
  revision:
    "rev_id INTEGER PRIMARY KEY, rev_page INTEGER, rev_comment_id INTEGER DEFAULT 0, rev_actor INTEGER DEFAULT 0, rev_timestamp BLOB, rev_minor_edit INTEGER DEFAULT 0, rev_deleted INTEGER DEFAULT 0, rev_len INTEGER, rev_parent_id INTEGER, rev_sha1 BLOB DEFAULT ''",
  slots:
    'slot_revision_id INTEGER, slot_role_id INTEGER, slot_content_id INTEGER, slot_origin INTEGER, PRIMARY KEY (slot_revision_id, slot_role_id)',
  slot_roles: 'role_id INTEGER PRIMARY KEY, role_name BLOB',
  content:
    'content_id INTEGER PRIMARY KEY, content_size INTEGER, content_sha1 BLOB, content_model INTEGER, content_address BLOB',
  content_models: 'model_id INTEGER PRIMARY KEY, model_name BLOB',
  comment: 'comment_id INTEGER PRIMARY KEY, comment_text BLOB',
  actor: 'actor_id INTEGER PRIMARY KEY, actor_user INTEGER, actor_name BLOB',
  redirect:
    'rd_from INTEGER PRIMARY KEY, rd_namespace INTEGER, rd_title BLOB, rd_interwiki BLOB, rd_fragment BLOB',
  text: 'old_id INTEGER PRIMARY KEY, old_text BLOB, old_flags BLOB',
  logging:
    'log_id INTEGER PRIMARY KEY, log_type BLOB, log_action BLOB, log_timestamp BLOB, log_actor INTEGER, log_namespace INTEGER, log_title BLOB, log_comment_id INTEGER, log_params BLOB, log_deleted INTEGER DEFAULT 0',
  image:
    'img_name BLOB PRIMARY KEY, img_size INTEGER, img_description_id INTEGER, img_actor INTEGER, img_timestamp BLOB, img_sha1 BLOB',
  oldimage:
    'oi_name BLOB, oi_archive_name BLOB, oi_size INTEGER, oi_description_id INTEGER, oi_actor INTEGER, oi_timestamp BLOB, oi_deleted INTEGER DEFAULT 0, oi_sha1 BLOB',
};

export type Generation = '1.35' | '1.39' | '1.43';

export interface AddedRevision {
  readonly id: number;
  readonly page: number;
  readonly text?: string | Uint8Array;
  readonly flags?: string;
  /** Instead of a new text row. */
  readonly address?: string;
  readonly comment?: string;
  readonly actor?: number;
  readonly timestamp?: string;
  readonly deleted?: number;
}

/** A small wiki in an SQLite file, written row by row. */
export class SqliteWiki implements Disposable {
  readonly database: DatabaseSync;
  readonly #generation: Generation;
  readonly #prefix: string;

  constructor(file: string, generation: Generation, prefix = '') {
    this.#generation = generation;
    this.#prefix = prefix;
    this.database = new DatabaseSync(file);
    // A test's file need not survive a power cut.
    this.run('PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY');
    for (const [name, columns] of Object.entries(tables))
      this.run(`CREATE TABLE ${prefix}${name} (${columns})`);
    if (generation !== '1.43')
      this.run(
        `CREATE TABLE ${prefix}revision_comment_temp (revcomment_rev INTEGER PRIMARY KEY, revcomment_comment_id INTEGER)`,
      );
    if (generation === '1.35')
      this.run(
        `CREATE TABLE ${prefix}revision_actor_temp (revactor_rev INTEGER PRIMARY KEY, revactor_actor INTEGER)`,
      );
    this.insert('slot_roles', { role_id: 1, role_name: 'main' });
    this.insert('slot_roles', { role_id: 2, role_name: 'aux' });
    this.insert('content_models', { model_id: 1, model_name: 'wikitext' });
    this.insert('content_models', { model_id: 2, model_name: 'json' });
    this.insert('actor', { actor_id: 1, actor_user: 7, actor_name: 'Zoë' });
    this.insert('actor', { actor_id: 2, actor_user: null, actor_name: '192.0.2.1' });
  }

  run(sql: string): void {
    this.database.exec(sql);
  }

  /** Strings are stored as the bytes of their UTF-8. */
  insert(table: string, row: Readonly<Record<string, number | string | Uint8Array | null>>): void {
    const columns = Object.keys(row);
    const values = Object.values(row).map((value) =>
      typeof value === 'string' ? Buffer.from(value) : value,
    );
    this.database
      .prepare(
        `INSERT INTO ${this.#prefix}${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`,
      )
      .run(...values);
  }

  addPage(id: number, title: string, latest: number, more: Readonly<Record<string, number>> = {}): void {
    this.insert('page', { page_id: id, page_namespace: 0, page_title: title, page_latest: latest, ...more });
  }

  /** A revision with a main slot; ids of comment, content and text are the revision's. */
  addRevision(revision: AddedRevision): void {
    const { id, page } = revision;
    const actor = revision.actor ?? 1;
    const isOld = this.#generation === '1.35';
    const hasCommentTemp = this.#generation !== '1.43';
    this.insert('revision', {
      rev_id: id,
      rev_page: page,
      rev_timestamp: revision.timestamp ?? String(20200101000000 + id),
      rev_parent_id: null,
      rev_deleted: revision.deleted ?? 0,
      rev_actor: isOld ? 0 : actor,
      rev_comment_id: hasCommentTemp ? 0 : id,
    });
    this.insert('comment', { comment_id: id, comment_text: revision.comment ?? `comment ${id}` });
    if (hasCommentTemp)
      this.insert('revision_comment_temp', { revcomment_rev: id, revcomment_comment_id: id });
    if (isOld) this.insert('revision_actor_temp', { revactor_rev: id, revactor_actor: actor });
    const text = revision.text ?? `text ${id}`;
    this.insert('content', {
      content_id: id,
      content_size: text.length,
      content_sha1: sha1Base36(text),
      content_model: 1,
      content_address: revision.address ?? `tt:${id}`,
    });
    this.insert('slots', { slot_revision_id: id, slot_role_id: 1, slot_content_id: id, slot_origin: id });
    if (revision.address === undefined)
      this.insert('text', { old_id: id, old_text: text, old_flags: revision.flags ?? 'utf-8' });
  }

  [Symbol.dispose](): void {
    this.database.close();
  }
}
