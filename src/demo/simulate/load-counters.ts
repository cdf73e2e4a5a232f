import type { DemoDatabase } from '../database/demo-database.ts';
import type { SchemaVersion } from '../schema/schema-version.ts';
import type { IdCounters } from '../wiki/id-counters.ts';

/** The greatest ids in use, those of deleted pages included. */
export async function loadCounters(
  database: DemoDatabase,
  external: DemoDatabase | null,
  schema: SchemaVersion,
): Promise<IdCounters> {
  const greatest = async (table: string, column: string, from = database): Promise<number> => {
    const rows = await from.query(`SELECT MAX(${column}) FROM ${table}`);
    return Number(rows[0]?.[0] ?? 0);
  };
  return {
    page: Math.max(await greatest('page', 'page_id'), await greatest('archive', 'ar_page_id')),
    revision: Math.max(await greatest('revision', 'rev_id'), await greatest('archive', 'ar_rev_id')),
    content: await greatest('content', 'content_id'),
    text: await greatest('text', 'old_id'),
    comment: await greatest('comment', 'comment_id'),
    log: await greatest('logging', 'log_id'),
    archive: await greatest('archive', 'ar_id'),
    linkTarget: schema === '1.35' ? 0 : await greatest('linktarget', 'lt_id'),
    externalLink: await greatest('externallinks', 'el_id'),
    restriction: await greatest('page_restrictions', 'pr_id'),
    changeTag: await greatest('change_tag', 'ct_id'),
    blob: external === null ? 0 : await greatest('blobs', 'blob_id', external),
  };
}
