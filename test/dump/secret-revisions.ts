import { sha1Base36 } from '../../src/mediawiki/text/sha1.ts';
import type { SqliteFarm } from './sqlite-farm.ts';

/** Words that stand in the wiki only in what a test has hidden. */
export const secrets = { text: 'Zaubertextwort', comment: 'Zauberkommentar', user: 'Zaubernutzer' } as const;

/**
 * Puts words of their own into text, comment and user of three revisions: the latest of an article, and two in the
 * middle of histories. Gives their ids, rising.
 */
export function plantSecrets(wiki: SqliteFarm): readonly number[] {
  const latest = wiki.value(
    'SELECT page_latest FROM page JOIN revision ON rev_id = page_latest WHERE page_namespace = 0 AND rev_deleted = 0 ORDER BY page_id LIMIT 1 OFFSET 3',
  );
  const [first, second] = wiki
    .rows(
      `SELECT rev_id FROM revision JOIN page ON rev_page = page_id WHERE rev_id <> page_latest AND rev_deleted = 0
        AND rev_page IN (SELECT rev_page FROM revision GROUP BY rev_page HAVING COUNT(*) > 5)
        AND rev_id <> (SELECT MIN(rev_id) FROM revision WHERE rev_page = page_id) ORDER BY rev_page, rev_id`,
    )
    .filter((_, index, rows) => index === 4 || index === rows.length - 9)
    .map((row) => Number(row.rev_id));
  if (first === undefined || second === undefined) throw new Error('the wiki is too small for this test');
  const ids = [latest, first, second].sort((a, b) => a - b);
  plantIn(wiki, ids);
  return ids;
}

/** The same, in revisions that are named. */
export function plantIn(wiki: SqliteFarm, ids: readonly number[]): void {
  const actor = wiki.value('SELECT MAX(actor_id) FROM actor') + 1;
  // A name is there once.
  wiki.sql(
    'INSERT INTO actor (actor_id, actor_user, actor_name) VALUES (?, NULL, ?)',
    actor,
    `${secrets.user}${actor}`,
  );
  for (const id of ids) plantInOne(wiki, id, actor, `${secrets.text} & <${id}>\n`.repeat(30));
}

function plantInOne(wiki: SqliteFarm, revision: number, actor: number, text: string): void {
  const next = (table: string, column: string) => wiki.value(`SELECT MAX(${column}) FROM ${table}`) + 1;
  const textId = next('text', 'old_id');
  const contentId = next('content', 'content_id');
  const commentId = next('comment', 'comment_id');
  const hash = sha1Base36(Buffer.from(text));
  wiki.sql("INSERT INTO text (old_id, old_text, old_flags) VALUES (?, ?, 'utf-8')", textId, text);
  wiki.sql(
    'INSERT INTO content (content_id, content_size, content_sha1, content_model, content_address) SELECT ?, ?, ?, content_model, ? FROM content LIMIT 1',
    ...[contentId, Buffer.byteLength(text), hash, `tt:${textId}`],
  );
  wiki.sql('UPDATE slots SET slot_content_id = ? WHERE slot_revision_id = ?', contentId, revision);
  wiki.sql(
    'INSERT INTO comment (comment_id, comment_hash, comment_text) VALUES (?, ?, ?)',
    ...[commentId, 0, `${secrets.comment} of ${revision}`],
  );
  wiki.sql(
    'UPDATE revision_comment_temp SET revcomment_comment_id = ? WHERE revcomment_rev = ?',
    commentId,
    revision,
  );
  wiki.sql('UPDATE revision SET rev_actor = ?, rev_sha1 = ? WHERE rev_id = ?', actor, hash, revision);
}

/** As an administrator hides text, comment and user. */
export function hideInWiki(wiki: SqliteFarm, ids: readonly number[], deleted = 7): void {
  for (const id of ids) wiki.sql('UPDATE revision SET rev_deleted = ? WHERE rev_id = ?', deleted, id);
}
