import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findJobDescription } from '../dump-catalogue/dump-catalogue.ts';
import { writeFileAtomic } from '../files/durable.ts';
import { indexPage, type WikiLine } from '../pages/index-page.ts';
import { wikiPage } from '../pages/wiki-page.ts';
import type { JobView } from '../status/dump-view.ts';
import { type JsonValue, pythonJson } from '../status/python-json.ts';
import { runningJobs } from '../status/status-fragment.ts';
import type { Tree } from '../workspace/tree.ts';
import { type PublishedDate, readPublishedDates } from './published-dates.ts';

export interface IndexPagesOptions {
  /** Every wiki of the farm that is public. Private ones are not given, so their names cannot appear. */
  readonly publicWikis: readonly string[];
  readonly title?: string;
  /** What the operators say instead of "Dumps are in progress..." (maintenance). */
  readonly message?: string;
}

/**
 * The pages that list what there is, by their path in the tree: backup-index.html, backup-index-bydb.html, index.html and
 * index.json, and an index.html for each wiki that has dates.
 */
export async function renderIndexPages(
  tree: Tree,
  options: IndexPagesOptions,
): Promise<ReadonlyMap<string, string>> {
  const wikis = options.publicWikis.toSorted();
  const newest = new Map<string, PublishedDate>();
  const wikiPages = new Map<string, string>();
  for (const wiki of wikis) {
    const dates = await readPublishedDates(tree, wiki);
    const [date] = dates;
    if (date === undefined) continue;
    newest.set(wiki, date);
    wikiPages.set(`${wiki}/index.html`, wikiPage(wiki, dates));
  }
  const lines = wikis.map((wiki) => wikiLine(wiki, newest.get(wiki)));
  const words = {
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(options.message === undefined ? {} : { message: options.message }),
  };
  const byDate = indexPage(lines.toSorted(newestFirst), { ...words, order: 'newest' });
  const statuses = wikis.map((wiki): readonly [string, JsonValue] => [
    wiki,
    newest.get(wiki)?.dumpStatus ?? {},
  ]);
  return new Map([
    ...wikiPages,
    ['backup-index.html', byDate],
    ['backup-index-bydb.html', indexPage(lines, { ...words, order: 'name' })],
    // So that any static server answers at the root.
    ['index.html', byDate],
    ['index.json', pythonJson({ wikis: Object.fromEntries(statuses) })],
  ]);
}

/** Writes those that changed into the tree's root; gives their names. */
export async function writeIndexPages(tree: Tree, options: IndexPagesOptions): Promise<readonly string[]> {
  const written: string[] = [];
  for (const [name, body] of await renderIndexPages(tree, options)) {
    const path = join(tree.root, name);
    const before = await readFile(path, 'utf8').catch(() => null);
    if (before === body) continue;
    await writeFileAtomic(path, body, { mode: tree.fileMode });
    written.push(name);
  }
  return written;
}

function wikiLine(wiki: string, published: PublishedDate | undefined): WikiLine {
  if (published === undefined) return { wiki, dump: null };
  const { date, status } = published;
  if (status === null) {
    return {
      wiki,
      dump: { date, updated: '', label: { className: 'failed', text: 'missing status record' } },
    };
  }
  const running =
    status.label.className === 'in-progress' ? runningJobs(jobsInProgress(published.dumpStatus)) : null;
  return { wiki, dump: { date, ...status }, running };
}

/** What dumpstatus.json says is running, described from the catalogue. */
function jobsInProgress(dumpStatus: PublishedDate['dumpStatus']): readonly JobView[] {
  const { jobs } = dumpStatus;
  if (typeof jobs !== 'object' || jobs === null) return [];
  return Object.entries(jobs).flatMap(([name, job]: [string, JsonValue]): readonly JobView[] => {
    if (typeof job !== 'object' || job === null || !('status' in job) || job.status !== 'in-progress')
      return [];
    const updated =
      'updated' in job && typeof job.updated === 'string'
        ? new Date(`${job.updated.replace(' ', 'T')}Z`)
        : null;
    const updatedAt = updated === null || Number.isNaN(updated.getTime()) ? null : updated;
    return [
      { name, description: findJobDescription(name) ?? name, status: 'in-progress', updatedAt, files: [] },
    ];
  });
}

function newestFirst(a: WikiLine, b: WikiLine): number {
  const [x, y] = [a.dump?.updated ?? '', b.dump?.updated ?? ''];
  if (x !== y) return x < y ? 1 : -1;
  return a.wiki < b.wiki ? -1 : 1;
}
