import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import { languages } from '../language/languages.ts';
import { makePeople } from '../people/people.ts';
import { Random } from '../random/random.ts';
import { createStatements } from '../schema/create-statements.ts';
import { wikiTables } from '../schema/wiki-tables.ts';
import { contentModel } from '../text/page-kind.ts';
import { FileWriter } from './file-writer.ts';
import { newIdCounters } from './id-counters.ts';
import type { FinishedPage, LivePage } from './live-page.ts';
import { makeTextSource } from './make-text-source.ts';
import { PageWriter } from './page-writer.ts';
import { planPages } from './plan-pages.ts';
import { redirectTarget } from './redirect-target.ts';
import { writeSiteRows } from './site-rows.ts';
import { eventsOf, makeTimeline } from './timeline.ts';
import { isDoomed, WikiLife } from './wiki-life.ts';
import type { WikiOptions } from './wiki-options.ts';
import { makeRecorder, type WikiRecorder } from './wiki-recorder.ts';

/** What has been written, so far or in all. */
export interface WikiSummary {
  readonly pages: number;
  readonly revisions: number;
  /** Revisions of deleted pages. */
  readonly archived: number;
  readonly logEntries: number;
  /** All texts written, null revisions and reverts not counted twice. */
  readonly textBytes: number;
}

export interface GenerateSetting {
  readonly database: DemoDatabase;
  /** Where the texts of `external` storage go; null: there is none. */
  readonly external: DemoDatabase | null;
  readonly options: WikiOptions;
  readonly signal?: AbortSignal;
  /** Called about once in a thousand revisions. */
  readonly onProgress?: (summary: WikiSummary) => void;
}

/**
 * Makes a wiki's tables, replacing those of the same names, and fills them. Rows are written in the order of time, so
 * that a page's texts lie scattered in the text table as they do in a wiki that has grown. Memory: the texts of the
 * pages that are still to be edited, about 20 bytes a revision and 500 bytes a page.
 */
export async function generateWiki(setting: GenerateSetting): Promise<WikiSummary> {
  const { database, external, options } = setting;
  await createTables(database, external, options);
  const stream = (name: string): Random => new Random(options.seed, name);
  const language = languages[options.language];
  const people = makePeople(language, stream('people'), options.revisions);
  const plans = planPages(options, language, people, stream('pages'));
  const timeline = makeTimeline(plans, stream('timeline'));
  const recorder = makeRecorder(database, external, options, newIdCounters(), stream('storage'));
  const source = makeTextSource(options, language, plans, people, stream('text'));
  const life = new WikiLife({ recorder, language, people, source, random: stream('life') });
  const files = new FileWriter(database, recorder, stream('files'));
  const finished: FinishedPage[] = [];
  const restrictions = new TableWriter(
    database,
    'page_restrictions',
    'pr_id pr_page pr_type pr_level pr_cascade pr_expiry'.split(' '),
  );
  const writers = [...recorder.writers, ...files.writers, restrictions];
  await writeSiteRows(database, options, people, recorder.comments, stream('site'));

  const live: (LivePage | null)[] = new Array(plans.length).fill(null);
  const summary = (): WikiSummary => ({
    pages: finished.length,
    revisions: recorder.ids.revision - recorder.ids.archive,
    archived: recorder.ids.archive,
    logEntries: recorder.ids.log,
    textBytes: recorder.texts.totalBytes,
  });
  const finish = (page: LivePage): void => {
    const row = finishPage(page, recorder);
    finished.push(row);
    if (page.plan.kind === 'file') files.add(page, people.admin);
  };
  const protect = (page: LivePage, at: number): void => {
    life.protect(page, at);
    for (const action of ['edit', 'move']) {
      restrictions.add([++recorder.ids.restriction, page.id, action, 'sysop', 0, 'infinity']);
    }
  };

  for (let event = 0; event < timeline.times.length; event += 1) {
    const index = timeline.pages[event] ?? 0;
    const at = timeline.times[event] ?? 0;
    const plan = plans[index];
    if (plan === undefined) continue;
    let page = live[index] ?? null;
    if (page === null) {
      page = life.create(plan, plan.imported ? at - 400_000_000 : at);
      live[index] = page;
      if (plan.imported) importHistory(page, at, life, stream(`import ${index}`));
    } else if (page.done >= plan.revisions) {
      if (isDoomed(plan)) life.remove(page, at, plan.fate === 'suppressed');
      else {
        life.remove(page, at, false);
        life.restore(page, at + 3600);
      }
    } else if (page.done + 1 === plan.moveAt) {
      finish(life.move(page, at, plan.newTitle).redirect);
    } else if (page.done + 1 === plan.protectAt) protect(page, at);
    else life.edit(page, at);
    page.events += 1;
    if (page.events === eventsOf(plan)) {
      if (!isDoomed(plan)) finish(page);
      live[index] = null;
    }
    for (const writer of writers) if (writer.full) await writer.flush();
    if (event % 1000 === 0) {
      setting.signal?.throwIfAborted();
      if (event % 10_000 === 0) await database.commit();
      setting.onProgress?.(summary());
    }
  }
  for (const writer of writers) await writer.flush();
  await writeEnding(database, recorder, finished, options, people.users.length, stream('pages'));
  await database.commit();
  await external?.commit();
  return summary();
}

/** The rest of an imported page's history: ids of today, times of long ago, not all in order. */
function importHistory(page: LivePage, at: number, life: WikiLife, random: Random): void {
  const { revisions } = page.plan;
  for (let done = 1; done < revisions; done += 1) {
    const age = 390_000_000 * (1 - done / revisions);
    life.edit(page, Math.floor(at - age - (random.chance(0.1) ? 5_000_000 : 0)));
  }
}

async function createTables(
  database: DemoDatabase,
  external: DemoDatabase | null,
  options: WikiOptions,
): Promise<void> {
  for (const table of wikiTables(options.schema)) {
    await database.execute(createStatements(table, database.dialect));
  }
  await external?.execute(
    external.dialect === 'mysql'
      ? [
          'DROP TABLE IF EXISTS blobs',
          'CREATE TABLE blobs (blob_id int unsigned NOT NULL PRIMARY KEY AUTO_INCREMENT, blob_text longblob) ENGINE=InnoDB DEFAULT CHARSET=binary',
        ]
      : [
          'DROP TABLE IF EXISTS blobs',
          'CREATE TABLE blobs (blob_id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, blob_text BLOB)',
        ],
  );
}

function finishPage(page: LivePage, recorder: WikiRecorder): FinishedPage {
  const text = page.blocks.join('\n\n');
  const { namespace, kind } = page.plan;
  recorder.links.add({ pageId: page.id, namespace, title: page.title, timestamp: page.latestAt }, text);
  const target = redirectTarget(text);
  if (target !== null) recorder.links.redirect(page.id, recorder.links.nameOf(target));
  return {
    id: page.id,
    namespace,
    title: page.title,
    latest: page.latest,
    latestAt: page.latestAt,
    bytes: page.bytes + (page.aux?.size ?? 0),
    model: contentModel(kind),
    redirect: target !== null,
    isNew: page.done === 1,
  };
}

async function writeEnding(
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
