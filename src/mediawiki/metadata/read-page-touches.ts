import type { DatabaseConnection } from '../database/database-connection.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';
import { storedTime } from './timestamp.ts';

export interface TouchedPage {
  readonly id: number;
  /** page_touched is not before the time that was asked for. */
  readonly isTouched: boolean;
}

const pagesPerBatch = 2000;

/**
 * All pages that exist, ascending by id, and whether MediaWiki touched them since a time: it does so whenever a page is
 * edited, moved, restored or merged, or a revision of it is hidden, and often without need. There is no index by that
 * time: the page table is read from end to end, which is little beside the revisions.
 */
export async function* readPageTouches(
  connection: DatabaseConnection,
  schema: WikiSchema,
  options: { readonly since: Date; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<readonly TouchedPage[], void, undefined> {
  const page = tableName(connection, 'page', schema.tablePrefix);
  for (let after = 0; ; ) {
    const rows = await connection.select(
      // As numbers: SQLite would not compare a stored text with bytes, nor the other way round.
      `SELECT page_id, CASE WHEN page_touched + 0 >= ? THEN 1 ELSE 0 END FROM ${page} ` +
        `WHERE page_id > ? ORDER BY page_id LIMIT ${pagesPerBatch}`,
      [storedTime(options.since), after],
      { signal: options.signal },
    );
    const batch: TouchedPage[] = [];
    while (rows.next()) batch.push({ id: rows.int(0), isTouched: rows.int(1) === 1 });
    const last = batch.at(-1);
    if (last === undefined) return;
    yield batch;
    after = last.id;
  }
}

/** 0 where there are no pages. */
export async function greatestPageId(
  connection: DatabaseConnection,
  schema: WikiSchema,
  signal?: AbortSignal,
): Promise<number> {
  const page = tableName(connection, 'page', schema.tablePrefix);
  const rows = await connection.select(`SELECT MAX(page_id) FROM ${page}`, [], { signal });
  return rows.next() && !rows.isNull(0) ? rows.int(0) : 0;
}
