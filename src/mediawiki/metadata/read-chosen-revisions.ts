import type { DatabaseConnection } from '../database/database-connection.ts';
import type { EncodedChunk } from '../record/page-part.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';
import { ChunkBuilder } from './chunk-builder.ts';
import { loadPages } from './page-loader.ts';
import type { ReadPagesOptions } from './read-pages-options.ts';
import { RevisionArena } from './revision-arena.ts';
import { RevisionLoader } from './revision-loader.ts';
import { withRedirects } from './with-redirects.ts';

/** Revisions by the page that each is on, in (page, revision) order. 16 bytes a revision. */
export interface ChosenRevisions {
  readonly pages: Float64Array;
  readonly ids: Float64Array;
}

export interface RevisionRange {
  /** Exclusive. */
  readonly after: number;
  /** Inclusive. */
  readonly upTo: number;
}

/** Ids of one question. */
const idsPerBatch = 20_000;
const revisionsPerGroup = 4000;

/**
 * The revisions with ids of a range that are on a page, by page. Ids and page ids only, so that a day's millions fit in
 * memory; there is no index by page and id that the server could sort by.
 */
export async function findRevisionsOfRange(
  connection: DatabaseConnection,
  schema: WikiSchema,
  range: RevisionRange,
  signal?: AbortSignal,
): Promise<ChosenRevisions> {
  const revision = tableName(connection, 'revision', schema.tablePrefix);
  const found: [number, number][] = [];
  for (let after = range.after; ; ) {
    const rows = await connection.select(
      `SELECT rev_id, rev_page FROM ${revision} WHERE rev_id > ? AND rev_id <= ? ORDER BY rev_id LIMIT ${idsPerBatch}`,
      [after, range.upTo],
      { signal },
    );
    let last = 0;
    while (rows.next()) {
      last = rows.int(0);
      found.push([rows.int(1), last]);
    }
    if (last === 0) break;
    after = last;
  }
  return chosenRevisions(found);
}

/** @param pairs page id and revision id, in any order */
export function chosenRevisions(pairs: readonly (readonly [number, number])[]): ChosenRevisions {
  const sorted = pairs.toSorted(([pageA, idA], [pageB, idB]) => pageA - pageB || idA - idB);
  return {
    pages: Float64Array.from(sorted, ([page]) => page),
    ids: Float64Array.from(sorted, ([, id]) => id),
  };
}

/**
 * Reads chosen revisions with their pages, as readEncodedPages() does: in (page, revision) order, in bounded chunks.
 * What is not there any more, or has left the page, is left out. A page's part ends with its last chosen revision.
 */
export async function* readChosenRevisions(
  connection: DatabaseConnection,
  schema: WikiSchema,
  chosen: ChosenRevisions,
  options: Pick<ReadPagesOptions, 'redirects' | 'signal' | 'targetChunkBytes' | 'targetChunkRevisions'> = {},
): AsyncGenerator<EncodedChunk, void, undefined> {
  const { signal } = options;
  const builder = new ChunkBuilder({
    revisions: options.targetChunkRevisions ?? 2000,
    bytes: options.targetChunkBytes ?? 8 * 1024 * 1024,
  });
  const loader = new RevisionLoader(connection, schema);
  const load = async (ids: readonly number[]) => {
    const arena = new RevisionArena();
    if (ids.length > 0) await loader.load(arena, 'rev_id IN (?)', [ids], { expected: ids.length, signal });
    return arena.seal();
  };
  let openPage = 0;
  for (let from = 0; from < chosen.ids.length; from += revisionsPerGroup) {
    const to = Math.min(from + revisionsPerGroup, chosen.ids.length);
    const pageIds = [...new Set(chosen.pages.subarray(from, to))];
    const loaded = await loadPages(
      connection,
      schema,
      { ids: pageIds },
      { fromPage: 0, limit: pageIds.length, signal },
    );
    const pages = await withRedirects(loaded, load, options);
    // By id, for rows of neighbouring ids lie together in all the tables that are joined.
    const arena = await load([...chosen.ids.subarray(from, to)].sort((a, b) => a - b));
    for (const page of pages) {
      if (openPage !== page.id) {
        if (openPage !== 0) builder.endPage();
        builder.beginPage(page);
        openPage = page.id;
      }
      const range = arena.rangeOf(page.id);
      for (let at = range.from; at < range.to; at++) builder.addRevision(arena, at);
    }
    yield* builder.takeFinished();
  }
  if (openPage !== 0) builder.endPage();
  builder.finish();
  yield* builder.takeFinished();
}
