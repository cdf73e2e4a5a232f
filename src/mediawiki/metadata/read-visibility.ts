import type { DatabaseConnection, QueryParameter } from '../database/database-connection.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';

const rowsPerBatch = 20_000;

export interface LogVisibilityRow {
  readonly id: number;
  /** log_deleted. */
  readonly deleted: number;
}

/** How visible log entries are now, by id, without reading what they say. `toId` is excluded. */
export async function* readLogVisibility(
  connection: DatabaseConnection,
  schema: WikiSchema,
  options: {
    readonly excludedTypes: readonly string[];
    readonly toId: number;
    readonly signal?: AbortSignal;
  },
): AsyncGenerator<LogVisibilityRow[], void, undefined> {
  const logging = tableName(connection, 'logging', schema.tablePrefix);
  const { excludedTypes, toId, signal } = options;
  const types = excludedTypes.length === 0 ? '' : `AND ${connection.dialect.bytes('log_type')} NOT IN (?) `;
  for (let fromId = 0; ; ) {
    const parameters: QueryParameter[] = [
      fromId,
      toId,
      ...(excludedTypes.length === 0 ? [] : [excludedTypes]),
    ];
    const rows = await connection.select(
      `SELECT log_id, log_deleted FROM ${logging} WHERE log_id >= ? AND log_id < ? ${types}ORDER BY log_id LIMIT ${rowsPerBatch}`,
      parameters,
      { signal },
    );
    const batch: LogVisibilityRow[] = [];
    while (rows.next()) batch.push({ id: rows.int(0), deleted: rows.int(1) });
    const last = batch.at(-1);
    if (!last) return;
    yield batch;
    fromId = last.id + 1;
  }
}

/** What a range of pages looks like now: the pages that exist, and how visible their revisions are. */
export interface PageRangeVisibility {
  readonly pages: ReadonlySet<number>;
  /** Revision id to rev_deleted. */
  readonly revisions: ReadonlyMap<number, number>;
}

/** Pages `first` to `last`, both included; of the revisions only those from `fromRevision` to `toRevision`. */
export async function readPageRangeVisibility(
  connection: DatabaseConnection,
  schema: WikiSchema,
  range: {
    readonly first: number;
    readonly last: number;
    readonly fromRevision: number;
    readonly toRevision: number;
    readonly signal?: AbortSignal;
  },
): Promise<PageRangeVisibility> {
  const { signal } = range;
  const page = tableName(connection, 'page', schema.tablePrefix);
  const revision = tableName(connection, 'revision', schema.tablePrefix);
  // The longer answer first: whoever calls can work until the shorter one is asked for.
  const revisions = new Map<number, number>();
  const rows = await connection.select(
    `SELECT rev_id, rev_deleted FROM ${revision} WHERE rev_page >= ? AND rev_page <= ? AND rev_id >= ? AND rev_id <= ?`,
    [range.first, range.last, range.fromRevision, range.toRevision],
    { signal },
  );
  while (rows.next()) revisions.set(rows.int(0), rows.int(1));
  const pages = new Set<number>();
  const pageRows = await connection.select(
    `SELECT page_id FROM ${page} WHERE page_id >= ? AND page_id <= ?`,
    [range.first, range.last],
    { signal },
  );
  while (pageRows.next()) pages.add(pageRows.int(0));
  return { pages, revisions };
}

/** Of these revisions those that exist on any page, with rev_deleted. */
export async function readRevisionVisibility(
  connection: DatabaseConnection,
  schema: WikiSchema,
  ids: readonly number[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, number>> {
  const revision = tableName(connection, 'revision', schema.tablePrefix);
  const found = new Map<number, number>();
  for (let at = 0; at < ids.length; at += 1000) {
    const rows = await connection.select(
      `SELECT rev_id, rev_deleted FROM ${revision} WHERE rev_id IN (?)`,
      [ids.slice(at, at + 1000)],
      { signal },
    );
    while (rows.next()) found.set(rows.int(0), rows.int(1));
  }
  return found;
}
