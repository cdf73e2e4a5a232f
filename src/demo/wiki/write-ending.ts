import type { Random } from '../../core/random.ts';
import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import type { FinishedPage } from './live-page.ts';
import { PageWriter } from './page-writer.ts';
import type { WikiOptions } from './wiki-options.ts';
import type { WikiRecorder } from './wiki-recorder.ts';

/** Writes what is known only in the end: the pages, ascending by id, and counts of everything. */
export async function writeEnding(
  database: DemoDatabase,
  recorder: WikiRecorder,
  finished: FinishedPage[],
  options: WikiOptions,
  users: number,
  random: Random,
): Promise<void> {
  const pages = new PageWriter(database, random);
  finished.sort((a, b) => a.id - b.id);
  for (const page of finished) {
    pages.add(page);
    for (const writer of pages.writers) if (writer.full) await writer.flush();
  }
  const category = new TableWriter(
    database,
    'category',
    'cat_id cat_title cat_pages cat_subcats cat_files'.split(' '),
  );
  let id = 0;
  for (const [title, members, subcategories, fileCount] of recorder.links.categoryCounts()) {
    if (category.add([++id, title, members, subcategories, fileCount])) await category.flush();
  }
  const props = new TableWriter(database, 'page_props', 'pp_page pp_propname pp_value pp_sortkey'.split(' '));
  for (const page of finished) {
    if (random.chance(0.02) && props.add([page.id, 'defaultsort', page.title.replaceAll('_', ' '), null]))
      await props.flush();
  }
  const stats = new TableWriter(
    database,
    'site_stats',
    'ss_row_id ss_total_edits ss_good_articles ss_total_pages ss_users ss_active_users ss_images'.split(' '),
  );
  const articles = finished.filter((page) => page.namespace === 0 && !page.redirect).length;
  const images = finished.filter((page) => page.namespace === 6).length;
  stats.add([1, recorder.ids.revision, articles, finished.length, users, Math.ceil(users / 10), images]);
  const salted = new TableWriter(
    database,
    'protected_titles',
    'pt_namespace pt_title pt_user pt_reason_id pt_timestamp pt_expiry pt_create_perm'.split(' '),
  );
  const when = `${options.until.getUTCFullYear()}0101000000`;
  salted.add([0, 'Salted_title', 1, recorder.comments.id('salted'), when, 'infinity', 'sysop']);
  for (const writer of [...pages.writers, category, props, stats, salted, ...recorder.comments.writers])
    await writer.flush();
  for (const [tag, count] of recorder.revisions.tagCounts.entries()) {
    await database.run('UPDATE change_tag_def SET ctd_count = ? WHERE ctd_id = ?', [count, tag]);
  }
}
