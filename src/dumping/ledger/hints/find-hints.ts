import { PageFinder } from '../../../mediawiki/metadata/find-page-ids.ts';
import { firstLogSince, readLogHints } from '../../../mediawiki/metadata/read-log-hints.ts';
import { readPageTouches, type TouchedPage } from '../../../mediawiki/metadata/read-page-touches.ts';
import type { SiteInfo } from '../../../mediawiki/siteinfo/site-info.ts';
import { TitleParser } from '../../../mediawiki/title/parse-title.ts';
import type { WikiReading } from '../../wiki-access.ts';
import { LogSubjectCollector } from './log-subjects.ts';

/** What was the last state that is known, and what is known to have happened since. */
export interface HintSources {
  /** When its snapshot was taken, by Rota's clock. */
  readonly takenAt: Date;
  /** The greatest log id then. */
  readonly logs: number;
  /** Revisions that are new; null where they are of no interest. */
  readonly revisions: { readonly after: number; readonly upTo: number } | null;
  /** Registered users with another name, by id. */
  readonly renamed: readonly number[];
  readonly siteInfo: SiteInfo;
}

/** For clocks that differ, and transactions that were open then: ids and times come before they can be seen. */
const marginMs = 10 * 60_000;

export interface PageHints {
  /** Pages that may have changed, besides those that were touched. */
  readonly pages: ReadonlySet<number>;
  /** All pages that exist, ascending, and whether they were touched. Once. */
  touches(): AsyncGenerator<readonly TouchedPage[], void, undefined>;
}

/**
 * Which pages may differ from a known state, without reading their revisions: by the log, new revisions, renamed and hidden
 * users, and the time at which MediaWiki last touched each page. What changed without any of these is not found.
 * Memory: the ids of those pages.
 */
export async function findHints(
  { connection, schema }: WikiReading,
  sources: HintSources,
  signal: AbortSignal,
  margin = marginMs,
): Promise<PageHints> {
  const since = new Date(sources.takenAt.getTime() - margin);
  const collector = new LogSubjectCollector(new TitleParser(sources.siteInfo));
  const unseen = await firstLogSince(connection, schema, since, signal);
  const fromId = Math.min(sources.logs + 1, unseen ?? Number.MAX_SAFE_INTEGER);
  for await (const batch of readLogHints(connection, schema, { fromId, signal })) {
    for (const entry of batch) collector.add(entry);
  }
  const { found } = collector;
  const finder = new PageFinder(connection, schema, signal);
  const pages = new Set(found.pages);
  const add = (ids: readonly number[]) => {
    for (const id of ids) pages.add(id);
  };
  if (sources.revisions !== null) add(await finder.ofRevisions(sources.revisions));
  add(await finder.editedBy(sources.renamed));
  add(await finder.editedByNamed([...found.users]));
  for (const [namespace, titles] of found.titles) add(await finder.named(namespace, [...titles]));
  return { pages, touches: () => readPageTouches(connection, schema, { since, signal }) };
}
