import type { Random } from '../../core/random.ts';
import type { DemoDatabase } from '../database/demo-database.ts';
import { finishPage } from '../wiki/finish-page.ts';
import type { LivePage } from '../wiki/live-page.ts';
import { privateMarker } from '../wiki/marker.ts';
import type { PagePlan } from '../wiki/page-plan.ts';
import { PageWriter } from '../wiki/page-writer.ts';
import type { WikiOptions } from '../wiki/wiki-options.ts';
import { flush, type LivingWiki, wakeWiki } from './living-wiki.ts';
import { loadPage } from './load-page.ts';
import { archivePage, removeLinks, updatePage } from './page-rows.ts';
import { hideRevision, restorePage } from './rare-events.ts';
import { loadOptions, saveDay } from './saved-options.ts';

/** What happened on one day. */
export interface DaySummary {
  /** Counted from 1, the day after the wiki was made. */
  readonly day: number;
  readonly date: Date;
  readonly edits: number;
  readonly created: number;
  readonly moved: readonly string[];
  readonly deleted: readonly string[];
  readonly restored: readonly string[];
  /** Ids of revisions that were hidden. */
  readonly hidden: readonly number[];
}

const dayMs = 86_400_000;

/**
 * Lets a generated wiki live one more day: edits, new pages, moves, deletions, restorations and hidden revisions. The
 * same wiki lives the same day again. The day begins where the last one ended.
 * @throws RotaError USAGE when the database is no generated wiki
 */
export async function simulateDay(
  database: DemoDatabase,
  external: DemoDatabase | null,
): Promise<DaySummary> {
  const { options, day: before } = await loadOptions(database);
  const day = before + 1;
  const begin = options.until.getTime() + (day - 1) * dayMs;
  const living = await wakeWiki(database, external, options, day);
  const summary = await liveOneDay(living, begin / 1000, options);
  await recount(database);
  await saveDay(database, day);
  await database.commit();
  await external?.commit();
  return { day, date: new Date(begin), ...summary };
}

type DayCounts = Omit<DaySummary, 'day' | 'date'>;

async function liveOneDay(wiki: LivingWiki, begin: number, options: WikiOptions): Promise<DayCounts> {
  const { database, random, life, recorder } = wiki;
  const touched = new Map<number, LivePage>();
  const born: LivePage[] = [];
  const hour = (at: number): number => begin + Math.floor(at * 3600);
  const [range] = await database.query('SELECT MIN(page_id), MAX(page_id) FROM page');
  const low = Number(range?.[0] ?? 1);
  const high = Number(range?.[1] ?? 1);
  const anyPage = async (): Promise<LivePage | null> => {
    const id = random.between(low, high);
    const page = touched.get(id) ?? (await loadPage(database, wiki.external, id));
    // A page that ends with a hidden text stays as it is: whatever was built on that would show it.
    return page?.blocks.some((block) => block.includes(privateMarker)) ? null : page;
  };
  /** Never the main page, which is the first. */
  const anArticle = async (): Promise<LivePage | null> => {
    for (let tries = 0; tries < 100; tries += 1) {
      const page = await anyPage();
      if (page?.plan.kind === 'article' && page.plan.namespace === 0 && page.id !== low) return page;
    }
    return null;
  };

  // Early in the day pages are deleted and restored, so that what follows meets the result.
  const restored = await restorePage(wiki, hour(1));
  const deleted: string[] = [];
  for (let left = random.between(1, 2); left > 0; left -= 1) {
    const page = await anArticle();
    if (page === null) continue;
    await archivePage(database, options.schema, page.id);
    life.remove(page, hour(2), false);
    deleted.push(page.title);
  }
  await flush(recorder);

  let created = 0;
  for (let left = random.between(2, 4); left > 0; left -= 1) {
    const plan = newPlan(await freeTitle(wiki), random);
    born.push(life.create(plan, hour(3 + created)));
    created += 1;
  }
  let edits = 0;
  const wished = Math.max(12, Math.round(options.revisions / 200));
  for (let tries = 0; edits < wished && tries < wished * 20; tries += 1) {
    const page = await anyPage();
    if (page === null) continue;
    life.edit(page, hour(8 + (12 * edits) / wished));
    touched.set(page.id, page);
    edits += 1;
  }
  const moved: string[] = [];
  const page = await anArticle();
  if (page !== null) {
    moved.push(page.title);
    born.push(life.move(page, hour(21), await freeTitle(wiki)).redirect);
    touched.set(page.id, page);
  }
  await flush(recorder);
  await writePages(wiki, touched, born);
  const hidden = await hideRevision(wiki, hour(22));
  await flush(recorder);
  return { edits, created, moved, deleted, restored, hidden };
}

function newPlan(title: string, random: Random): PagePlan {
  return {
    namespace: 0,
    title,
    kind: 'article',
    revisions: 1,
    bytes: 500 + random.below(4000),
    fate: 'kept',
    moveAt: 0,
    newTitle: '',
    protectAt: 0,
    imported: false,
    twoSlots: false,
    createdAt: 0,
    endsAt: 0,
  };
}

async function freeTitle(wiki: LivingWiki): Promise<string> {
  for (;;) {
    const title = wiki.titles.article(0);
    const sql = 'SELECT page_id FROM page WHERE page_namespace = 0 AND page_title = ?';
    if ((await wiki.database.query(sql, [title])).length === 0) return title;
  }
}

/** The rows of the pages that changed: redirects take the old names only after the pages have given them up. */
async function writePages(
  wiki: LivingWiki,
  touched: ReadonlyMap<number, LivePage>,
  born: readonly LivePage[],
): Promise<void> {
  const { database, recorder } = wiki;
  for (const page of touched.values()) {
    await removeLinks(database, page.id);
    await updatePage(database, finishPage(page, recorder));
  }
  const pages = new PageWriter(database, wiki.random);
  for (const page of born) pages.add(finishPage(page, recorder));
  for (const writer of pages.writers) await writer.flush();
  await flush(recorder);
}

/** Counts that follow from other tables. */
async function recount(database: DemoDatabase): Promise<void> {
  await database.run('DELETE FROM category');
  await database.run(
    `INSERT INTO category (cat_title, cat_pages, cat_subcats, cat_files)
     SELECT cl_to, COUNT(*), SUM(cl_type = 'subcat'), SUM(cl_type = 'file') FROM categorylinks GROUP BY cl_to ORDER BY cl_to`,
  );
  await database.run(
    `UPDATE site_stats SET ss_total_edits = (SELECT MAX(rev_id) FROM revision), ss_total_pages = (SELECT COUNT(*) FROM page),
       ss_good_articles = (SELECT COUNT(*) FROM page WHERE page_namespace = 0 AND page_is_redirect = 0)`,
  );
}
