import { setImmediate as nextTurn } from 'node:timers/promises';
import { Random } from '../../core/random.ts';
import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import { languages } from '../language/languages.ts';
import { makePeople } from '../people/people.ts';
import { createStatements } from '../schema/create-statements.ts';
import { wikiTables } from '../schema/wiki-tables.ts';
import { saveOptions } from '../simulate/saved-options.ts';
import { FileWriter } from './file-writer.ts';
import { finishPage } from './finish-page.ts';
import { newIdCounters } from './id-counters.ts';
import type { FinishedPage, LivePage } from './live-page.ts';
import { makeTextSource } from './make-text-source.ts';
import { planPages } from './plan-pages.ts';
import { writeSiteRows } from './site-rows.ts';
import { eventsOf, makeTimeline } from './timeline.ts';
import { isDoomed, WikiLife } from './wiki-life.ts';
import type { WikiOptions } from './wiki-options.ts';
import { makeRecorder } from './wiki-recorder.ts';
import { writeEnding } from './write-ending.ts';

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
      // SQLite never waits: without this no signal would be heard until the wiki is made.
      await nextTurn();
      setting.signal?.throwIfAborted();
      if (event % 10_000 === 0) await database.commit();
      setting.onProgress?.(summary());
    }
  }
  for (const writer of writers) await writer.flush();
  await writeEnding(database, recorder, finished, options, people.users.length, stream('pages'));
  await saveOptions(database, options);
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
