import type { SqliteFarm } from './sqlite-farm.ts';

/** Things that happen to a wiki in a day; the same for the same number. */
export function liveADay(wiki: SqliteFarm, day: number): void {
  const nth = (query: string, offset: number) => wiki.value(`${query} LIMIT 1 OFFSET ${offset}`);
  // Another comment, as an operator who corrects a row: the revision's markup changes and its text does not.
  const comment = nth(
    'SELECT revcomment_comment_id FROM revision_comment_temp ORDER BY revcomment_rev',
    11 * day,
  );
  wiki.sql(
    'UPDATE comment SET comment_text = ? WHERE comment_id = ?',
    `Corrected on day ${day} & <b>`,
    comment,
  );
  // A revision is hidden, and on the second day the first one is shown again.
  const hidden = nth('SELECT rev_id FROM revision WHERE rev_deleted = 0 ORDER BY rev_id', 37 * day);
  wiki.sql('UPDATE revision SET rev_deleted = 7 WHERE rev_id = ?', hidden);
  if (day === 2) wiki.sql('UPDATE revision SET rev_deleted = 0 WHERE rev_deleted = 7');
  // A user is renamed.
  const actor = nth('SELECT rev_actor FROM revision GROUP BY rev_actor ORDER BY COUNT(*)', 1);
  wiki.sql('UPDATE actor SET actor_name = ? WHERE actor_id = ?', `Renamed on day ${day}`, actor);
  // A page is moved, another deleted.
  const moved = nth('SELECT page_id FROM page ORDER BY page_id', 5 * day);
  wiki.sql('UPDATE page SET page_title = ? WHERE page_id = ?', `Moved_on_day_${day}`, moved);
  const gone = nth('SELECT page_id FROM page ORDER BY page_id', 9 * day);
  wiki.sql('DELETE FROM page WHERE page_id = ?', gone);
  wiki.sql('DELETE FROM revision WHERE rev_page = ?', gone);
  // A text moves in storage: nothing that anybody sees changes by it.
  const text = wiki.value('SELECT MAX(old_id) FROM text') + 1;
  const content = nth('SELECT content_id FROM content ORDER BY content_id', 50 * day);
  wiki.sql(
    `INSERT INTO text (old_id, old_text, old_flags) SELECT ${text}, old_text, old_flags FROM text WHERE 'tt:' || old_id = (SELECT content_address FROM content WHERE content_id = ?)`,
    content,
  );
  wiki.sql(`UPDATE content SET content_address = 'tt:${text}' WHERE content_id = ?`, content);
  // A page is edited: its newest revision once more, by another, with the text of the one before.
  const edited = nth(
    'SELECT page_id FROM page JOIN revision ON rev_page = page_id GROUP BY page_id HAVING COUNT(*) > 3 ORDER BY page_id',
    2 * day,
  );
  addRevision(wiki, edited, day);
}

function addRevision(wiki: SqliteFarm, page: number, day: number): void {
  const latest = wiki.value(`SELECT page_latest FROM page WHERE page_id = ${page}`);
  const next = wiki.value('SELECT MAX(rev_id) FROM revision') + 1;
  const other = wiki.value(
    `SELECT rev_id FROM revision WHERE rev_page <> ${page} ORDER BY rev_id LIMIT 1 OFFSET ${day}`,
  );
  const columns = wiki
    .rows('SELECT name FROM pragma_table_info(?)', 'revision')
    .map((row) => String(row.name));
  const changed: Readonly<Record<string, string>> = {
    rev_id: String(next),
    rev_parent_id: String(latest),
    rev_page: String(page),
    rev_deleted: '0',
  };
  const values = columns.map((name) => changed[name] ?? name).join(', ');
  wiki.sql(
    `INSERT INTO revision (${columns.join(', ')}) SELECT ${values} FROM revision WHERE rev_id = ?`,
    other,
  );
  wiki.sql(
    'INSERT INTO slots (slot_revision_id, slot_role_id, slot_content_id, slot_origin) SELECT ?, slot_role_id, slot_content_id, ? FROM slots WHERE slot_revision_id = ?',
    next,
    next,
    other,
  );
  wiki.sql(
    'INSERT INTO revision_comment_temp (revcomment_rev, revcomment_comment_id) SELECT ?, revcomment_comment_id FROM revision_comment_temp WHERE revcomment_rev = ?',
    next,
    other,
  );
  wiki.sql('UPDATE page SET page_latest = ? WHERE page_id = ?', next, page);
}
