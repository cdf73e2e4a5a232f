import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import { type Author, addressHex } from '../people/people.ts';
import type { SchemaVersion } from '../schema/schema-version.ts';
import { base36Sha1 } from './base36-sha1.ts';
import type { CommentStore } from './comment-store.ts';
import type { IdCounters } from './id-counters.ts';
import type { StoredContent } from './text-store.ts';

export const mainRole = 1;
export const auxRole = 2;

export interface NewRevision {
  readonly pageId: number;
  readonly parentId: number;
  /** 14 digits. */
  readonly timestamp: string;
  readonly author: Author;
  readonly comment: string;
  readonly minor: boolean;
  /** Bits of rev_deleted: 1 text, 2 comment, 4 user, 8 restricted. */
  readonly deleted: number;
  readonly content: StoredContent;
  /** The second slot's content, on the few pages that have one. */
  readonly aux: StoredContent | null;
  /** The page as it is named when its revisions lie in `archive`; null: the page exists. */
  readonly archived: { readonly namespace: number; readonly title: string } | null;
}

/** Writes revisions with their slots, in the tables of the schema's version. */
export class RevisionRecorder {
  readonly #ids: IdCounters;
  readonly #comments: CommentStore;
  readonly #schema: SchemaVersion;
  readonly #revisions: TableWriter;
  readonly #slots: TableWriter;
  readonly #commentTemp: TableWriter;
  readonly #actorTemp: TableWriter;
  readonly #addresses: TableWriter;
  readonly #archive: TableWriter;
  readonly #tags: TableWriter;
  readonly tagCounts = [0, 0, 0, 0];

  constructor(database: DemoDatabase, schema: SchemaVersion, ids: IdCounters, comments: CommentStore) {
    this.#ids = ids;
    this.#comments = comments;
    this.#schema = schema;
    const writer = (table: string, columns: string): TableWriter =>
      new TableWriter(database, table, columns.split(' '));
    this.#revisions = writer(
      'revision',
      'rev_id rev_page rev_comment_id rev_actor rev_timestamp rev_minor_edit rev_deleted rev_len rev_parent_id rev_sha1',
    );
    this.#slots = writer('slots', 'slot_revision_id slot_role_id slot_content_id slot_origin');
    this.#commentTemp = writer('revision_comment_temp', 'revcomment_rev revcomment_comment_id');
    this.#actorTemp = writer(
      'revision_actor_temp',
      'revactor_rev revactor_actor revactor_timestamp revactor_page',
    );
    this.#addresses = writer('ip_changes', 'ipc_rev_id ipc_rev_timestamp ipc_hex');
    this.#archive = writer(
      'archive',
      'ar_id ar_namespace ar_title ar_comment_id ar_actor ar_timestamp ar_minor_edit ar_rev_id ar_deleted ar_len ar_page_id ar_parent_id ar_sha1',
    );
    this.#tags = writer('change_tag', 'ct_id ct_rev_id ct_tag_id');
  }

  /** The new revision's id. Gives the contents their origin if they have none. */
  add(revision: NewRevision): number {
    const id = ++this.#ids.revision;
    const { content, aux } = revision;
    if (content.origin === 0) content.origin = id;
    if (aux !== null && aux.origin === 0) aux.origin = id;
    // Slots are folded in the order of their roles' names: aux, then main.
    const sha1 = aux === null ? content.sha1 : base36Sha1(aux.sha1 + content.sha1);
    const length = content.size + (aux?.size ?? 0);
    this.#slots.add([id, mainRole, content.contentId, content.origin]);
    if (aux !== null) this.#slots.add([id, auxRole, aux.contentId, aux.origin]);
    const commentId = this.#comments.id(revision.comment);
    const minor = revision.minor ? 1 : 0;
    const { author, timestamp, pageId, deleted, parentId } = revision;
    if (revision.archived !== null) {
      const { namespace, title } = revision.archived;
      this.#archive.add([
        ++this.#ids.archive,
        namespace,
        title,
        commentId,
        author.actorId,
        timestamp,
        minor,
        id,
        deleted,
        length,
        pageId,
        parentId,
        sha1,
      ]);
      return id;
    }
    this.#revisions.add([
      id,
      pageId,
      this.#schema === '1.43' ? commentId : 0,
      this.#schema === '1.35' ? 0 : author.actorId,
      timestamp,
      minor,
      deleted,
      length,
      parentId,
      sha1,
    ]);
    if (this.#schema !== '1.43') this.#commentTemp.add([id, commentId]);
    if (this.#schema === '1.35') this.#actorTemp.add([id, author.actorId, timestamp, pageId]);
    if (author.userId === null && !author.name.includes('>')) {
      this.#addresses.add([id, timestamp, addressHex(author.name)]);
    }
    return id;
  }

  /** Marks a revision with one of the tags of change_tag_def (1 to 3). */
  tag(revisionId: number, tagId: number): void {
    this.#tags.add([++this.#ids.changeTag, revisionId, tagId]);
    this.tagCounts[tagId] = (this.tagCounts[tagId] ?? 0) + 1;
  }

  get writers(): readonly TableWriter[] {
    return [
      this.#revisions,
      this.#slots,
      this.#commentTemp,
      this.#actorTemp,
      this.#addresses,
      this.#archive,
      this.#tags,
    ];
  }
}
