import type { DemoDatabase } from '../database/demo-database.ts';
import type { SchemaVersion } from '../schema/schema-version.ts';
import type { FinishedPage } from '../wiki/live-page.ts';

const linkTables = [
  ['pagelinks', 'pl_from'],
  ['templatelinks', 'tl_from'],
  ['imagelinks', 'il_from'],
  ['categorylinks', 'cl_from'],
  ['externallinks', 'el_from'],
  ['langlinks', 'll_from'],
  ['redirect', 'rd_from'],
] as const;

/** Removes what the link tables say of a page, so that it can be said anew. */
export async function removeLinks(database: DemoDatabase, pageId: number): Promise<void> {
  for (const [table, column] of linkTables) {
    await database.run(`DELETE FROM ${table} WHERE ${column} = ?`, [pageId]);
  }
}

/** Brings a page's row up to date. */
export async function updatePage(database: DemoDatabase, page: FinishedPage): Promise<void> {
  await database.run(
    `UPDATE page SET page_title = ?, page_latest = ?, page_touched = ?, page_links_updated = ?, page_len = ?,
      page_is_redirect = ?, page_is_new = ? WHERE page_id = ?`,
    [
      page.title,
      page.latest,
      page.latestAt,
      page.latestAt,
      page.bytes,
      page.redirect ? 1 : 0,
      page.isNew ? 1 : 0,
      page.id,
    ],
  );
}

/** Moves a page's revisions to the archive, as a deletion does. All rows must be written before. */
export async function archivePage(
  database: DemoDatabase,
  schema: SchemaVersion,
  pageId: number,
): Promise<void> {
  const comment = schema === '1.43' ? 'rev_comment_id' : 'revcomment_comment_id';
  const actor = schema === '1.35' ? 'revactor_actor' : 'rev_actor';
  const joins = [
    schema === '1.43' ? '' : 'JOIN revision_comment_temp ON revcomment_rev = rev_id',
    schema === '1.35' ? 'JOIN revision_actor_temp ON revactor_rev = rev_id' : '',
  ].join(' ');
  await database.run(
    `INSERT INTO archive (ar_namespace, ar_title, ar_comment_id, ar_actor, ar_timestamp, ar_minor_edit, ar_rev_id,
       ar_deleted, ar_len, ar_page_id, ar_parent_id, ar_sha1)
     SELECT page_namespace, page_title, ${comment}, ${actor}, rev_timestamp, rev_minor_edit, rev_id,
       rev_deleted, rev_len, rev_page, rev_parent_id, rev_sha1
     FROM revision JOIN page ON page_id = rev_page ${joins} WHERE rev_page = ? ORDER BY rev_id`,
    [pageId],
  );
  const ofPage = 'IN (SELECT rev_id FROM revision WHERE rev_page = ?)';
  await database.run(`DELETE FROM ip_changes WHERE ipc_rev_id ${ofPage}`, [pageId]);
  if (schema !== '1.43') {
    await database.run(`DELETE FROM revision_comment_temp WHERE revcomment_rev ${ofPage}`, [pageId]);
  }
  if (schema === '1.35')
    await database.run('DELETE FROM revision_actor_temp WHERE revactor_page = ?', [pageId]);
  await database.run('DELETE FROM revision WHERE rev_page = ?', [pageId]);
  await database.run('DELETE FROM page_restrictions WHERE pr_page = ?', [pageId]);
  await database.run('DELETE FROM page WHERE page_id = ?', [pageId]);
  await removeLinks(database, pageId);
}

/** Brings a page's revisions back from the archive, under their old ids; the row of `page` is the caller's. */
export async function unarchivePage(
  database: DemoDatabase,
  schema: SchemaVersion,
  pageId: number,
): Promise<void> {
  await database.run(
    `INSERT INTO revision (rev_id, rev_page, rev_comment_id, rev_actor, rev_timestamp, rev_minor_edit, rev_deleted,
       rev_len, rev_parent_id, rev_sha1)
     SELECT ar_rev_id, ar_page_id, ${schema === '1.43' ? 'ar_comment_id' : '0'}, ${schema === '1.35' ? '0' : 'ar_actor'},
       ar_timestamp, ar_minor_edit, ar_deleted, ar_len, ar_parent_id, ar_sha1
     FROM archive WHERE ar_page_id = ? ORDER BY ar_rev_id`,
    [pageId],
  );
  if (schema !== '1.43') {
    await database.run(
      `INSERT INTO revision_comment_temp (revcomment_rev, revcomment_comment_id)
       SELECT ar_rev_id, ar_comment_id FROM archive WHERE ar_page_id = ?`,
      [pageId],
    );
  }
  if (schema === '1.35') {
    await database.run(
      `INSERT INTO revision_actor_temp (revactor_rev, revactor_actor, revactor_timestamp, revactor_page)
       SELECT ar_rev_id, ar_actor, ar_timestamp, ar_page_id FROM archive WHERE ar_page_id = ?`,
      [pageId],
    );
  }
  await database.run('DELETE FROM archive WHERE ar_page_id = ?', [pageId]);
}
