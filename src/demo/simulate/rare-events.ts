import type { Value } from '../database/demo-database.ts';
import { finishPage } from '../wiki/finish-page.ts';
import { privateMarker } from '../wiki/marker.ts';
import { PageWriter } from '../wiki/page-writer.ts';
import { flush, type LivingWiki } from './living-wiki.ts';
import { loadPage } from './load-page.ts';
import { unarchivePage, updatePage } from './page-rows.ts';
import { loadOptions } from './saved-options.ts';

/** Every other day a page comes back that an earlier day deleted, with its old ids. */
export async function restorePage(wiki: LivingWiki, at: number): Promise<readonly string[]> {
  const { database, random, recorder } = wiki;
  const text = (column: string): string =>
    database.dialect === 'sqlite' ? `CAST(${column} AS BLOB)` : column;
  if (random.chance(0.4)) return [];
  const found = await database.query(
    `SELECT ar_page_id, ar_namespace, ${text('ar_title')}, MAX(ar_rev_id), COUNT(*) FROM archive
     JOIN comment ON comment_id = ar_comment_id
     WHERE NOT EXISTS (SELECT 1 FROM page WHERE page_namespace = ar_namespace AND page_title = ar_title)
     GROUP BY ar_page_id, ar_namespace, ar_title HAVING MAX(ar_deleted) < 8
       AND MAX(${text('comment_text')} LIKE '%${privateMarker}%') = 0 ORDER BY ar_page_id DESC LIMIT 5`,
  );
  if (found.length === 0) return [];
  const [pageId, namespace, title, latest] = random.pick(found).map((value: Value) => value);
  const options = (await loadOptions(database)).options;
  await unarchivePage(database, options.schema, Number(pageId));
  const pages = new PageWriter(database, random);
  pages.add({
    id: Number(pageId),
    namespace: Number(namespace),
    title: String(title),
    latest: Number(latest),
    latestAt: '20000101000000',
    bytes: 0,
    model: 'wikitext',
    redirect: false,
    isNew: false,
  });
  for (const writer of pages.writers) await writer.flush();
  const page = await loadPage(database, wiki.external, Number(pageId));
  if (page === null) return [];
  wiki.life.restore(page, at);
  await updatePage(database, { ...finishPage(page, recorder), latestAt: page.latestAt });
  await flush(recorder);
  return [page.title];
}

/** An old revision is hidden after the fact. */
export async function hideRevision(wiki: LivingWiki, at: number): Promise<readonly number[]> {
  const { database, random } = wiki;
  const [top] = await database.query('SELECT MAX(rev_id) FROM revision');
  const [row] = await database.query(
    'SELECT rev_id, rev_page FROM revision WHERE rev_deleted = 0 AND rev_id >= ? ORDER BY rev_id LIMIT 1',
    [random.between(1, Number(top?.[0] ?? 1))],
  );
  if (row === undefined) return [];
  const page = await loadPage(database, wiki.external, Number(row[1]));
  if (page === null) return [];
  const bits = random.between(1, 7);
  wiki.life.hide(page, Number(row[0]), bits, at);
  await database.run('UPDATE revision SET rev_deleted = ? WHERE rev_id = ?', [bits, Number(row[0])]);
  return [Number(row[0])];
}
