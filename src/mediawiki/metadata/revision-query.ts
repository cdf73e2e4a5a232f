import type { DatabaseConnection } from '../database/database-connection.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';

/** Columns of {@link revisionQuery}, in order. */
export const revisionColumn = {
  id: 0,
  page: 1,
  parent: 2,
  timestamp: 3,
  minor: 4,
  deleted: 5,
  length: 6,
  sha1: 7,
  actor: 8,
  commentId: 9,
  comment: 10,
  role: 11,
  origin: 12,
  contentId: 13,
  size: 14,
  contentSha1: 15,
  model: 16,
  address: 17,
} as const;

/**
 * One row a slot, and one for a revision without any. Everything is joined on the left, so that no revision is lost
 * for lack of another table's row; actors, models and roles are looked up apart, because they are few. There is no
 * ORDER BY: it would make the server sort what is cheaply sorted within a page here.
 */
export function revisionQuery(connection: DatabaseConnection, schema: WikiSchema, where: string): string {
  const table = (name: string) => tableName(connection, name, schema.tablePrefix);
  const { bytes } = connection.dialect;
  const actor = schema.hasActorTemp ? 'COALESCE(revactor_actor, rev_actor)' : 'rev_actor';
  const comment = schema.hasCommentTemp
    ? 'COALESCE(revcomment_comment_id, rev_comment_id)'
    : 'rev_comment_id';
  const joins = [
    schema.hasActorTemp ? `LEFT JOIN ${table('revision_actor_temp')} ON revactor_rev = rev_id` : '',
    schema.hasCommentTemp ? `LEFT JOIN ${table('revision_comment_temp')} ON revcomment_rev = rev_id` : '',
    `LEFT JOIN ${table('comment')} ON comment_id = ${comment}`,
    `LEFT JOIN ${table('slots')} ON slot_revision_id = rev_id`,
    `LEFT JOIN ${table('content')} ON content_id = slot_content_id`,
  ];
  return (
    `SELECT rev_id, rev_page, rev_parent_id, ${bytes('rev_timestamp')}, rev_minor_edit, rev_deleted, rev_len, ` +
    `${bytes('rev_sha1')}, ${actor}, comment_id, ${bytes('comment_text')}, slot_role_id, slot_origin, ` +
    `content_id, content_size, ${bytes('content_sha1')}, content_model, ${bytes('content_address')} ` +
    `FROM ${table('revision')} ${joins.filter((join) => join !== '').join(' ')} WHERE ${where}`
  );
}
