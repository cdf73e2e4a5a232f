import type { DatabaseConnection, QueryParameter } from '../database/database-connection.ts';
import type { PageRecord } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';

export interface PageSelection {
  /** First page id; inclusive. Default 0. */
  readonly fromPage?: number | undefined;
  /** Page id at which to stop; exclusive (as --end of dumpBackup.php). Default: none. */
  readonly toPage?: number | undefined;
  /** Only pages of these namespaces. */
  readonly namespaces?: readonly number[] | undefined;
  /** Only these pages. */
  readonly ids?: readonly number[] | undefined;
}

export interface LoadedPage {
  readonly page: PageRecord;
  /** The page says that it is a redirect, but the redirect table does not say where to (or incompletely). */
  readonly lacksRedirectRow: boolean;
}

/** One batch of pages, ascending by id, after `afterPage`. */
export async function loadPages(
  connection: DatabaseConnection,
  schema: WikiSchema,
  selection: PageSelection,
  batch: { readonly fromPage: number; readonly limit: number; readonly signal?: AbortSignal | undefined },
): Promise<LoadedPage[]> {
  const table = (name: string) => tableName(connection, name, schema.tablePrefix);
  const { bytes } = connection.dialect;
  const conditions = ['page_id >= ?'];
  const parameters: QueryParameter[] = [batch.fromPage];
  if (selection.toPage !== undefined) {
    conditions.push('page_id < ?');
    parameters.push(selection.toPage);
  }
  if (selection.namespaces !== undefined && selection.namespaces.length > 0) {
    conditions.push('page_namespace IN (?)');
    parameters.push(selection.namespaces);
  }
  if (selection.ids !== undefined) {
    conditions.push('page_id IN (?)');
    parameters.push(selection.ids);
  }
  const rows = await connection.select(
    `SELECT page_id, page_namespace, ${bytes('page_title')}, page_is_redirect, page_latest, ` +
      `rd_namespace, ${bytes('rd_title')}, ${bytes('rd_interwiki')}, ` +
      'CASE WHEN rd_interwiki IS NULL OR rd_fragment IS NULL THEN 0 ELSE 1 END ' +
      `FROM ${table('page')} LEFT JOIN ${table('redirect')} ON rd_from = page_id AND page_is_redirect <> 0 ` +
      `WHERE ${conditions.join(' AND ')} ORDER BY page_id LIMIT ${batch.limit}`,
    parameters,
    { signal: batch.signal },
  );
  const pages: LoadedPage[] = [];
  while (rows.next()) {
    const isRedirect = rows.int(3) !== 0;
    // Like MediaWiki: a row from before the columns were added is as good as none.
    const hasRow = !rows.isNull(5) && rows.int(8) !== 0;
    pages.push({
      page: {
        id: rows.int(0),
        namespace: rows.int(1),
        title: rows.binary(2),
        isRedirect,
        latestRevisionId: rows.int(4),
        redirect: hasRow
          ? { namespace: rows.int(5), title: rows.binary(6), interwiki: rows.binary(7) }
          : null,
      },
      lacksRedirectRow: isRedirect && !hasRow,
    });
  }
  return pages;
}

/** How many revisions each of the pages has; pages without any are absent. */
export async function countRevisions(
  connection: DatabaseConnection,
  schema: WikiSchema,
  pages: { readonly first: number; readonly last: number; readonly ids?: readonly number[] },
  signal?: AbortSignal,
): Promise<Map<number, number>> {
  const revision = tableName(connection, 'revision', schema.tablePrefix);
  const [where, parameters] =
    pages.ids === undefined
      ? ['rev_page >= ? AND rev_page <= ?', [pages.first, pages.last]]
      : ['rev_page IN (?)', [pages.ids]];
  const rows = await connection.select(
    `SELECT rev_page, COUNT(*) FROM ${revision} WHERE ${where} GROUP BY rev_page`,
    parameters,
    { signal },
  );
  const counts = new Map<number, number>();
  while (rows.next()) counts.set(rows.int(0), rows.int(1));
  return counts;
}
