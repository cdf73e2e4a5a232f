import type { DatabaseConnection, QueryParameter } from '../database/database-connection.ts';
import type { LogRecord } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';
import { isTimestampColumn } from './timestamp.ts';

export interface LogRow extends LogRecord {
  /** log_page; 0 where it is not known. */
  readonly pageId: number;
}

export interface ReadLogsOptions {
  /** First log id; inclusive. */
  readonly fromId?: number | undefined;
  /** Log id at which to stop; exclusive. */
  readonly toId?: number | undefined;
  /** Types that are left out in the query already: what is restricted does not even reach the memory. */
  readonly excludedTypes?: readonly string[] | undefined;
  /** Only these. */
  readonly types?: readonly string[] | undefined;
  readonly rowsPerBatch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the logging table in id order, in batches. Rows without actor or comment come with `problems`. */
export async function* readLogs(
  connection: DatabaseConnection,
  schema: WikiSchema,
  options: ReadLogsOptions = {},
): AsyncGenerator<LogRow[], void, undefined> {
  const table = (name: string) => tableName(connection, name, schema.tablePrefix);
  const { bytes } = connection.dialect;
  const limit = options.rowsPerBatch ?? 5000;
  const excluded = options.excludedTypes ?? [];
  for (let fromId = options.fromId ?? 0; ; ) {
    options.signal?.throwIfAborted();
    const conditions = ['log_id >= ?'];
    const parameters: QueryParameter[] = [fromId];
    if (options.toId !== undefined) {
      conditions.push('log_id < ?');
      parameters.push(options.toId);
    }
    if (excluded.length > 0) {
      conditions.push(`${bytes('log_type')} NOT IN (?)`);
      parameters.push(excluded);
    }
    if (options.types !== undefined) {
      conditions.push(`${bytes('log_type')} IN (?)`);
      parameters.push(options.types);
    }
    const rows = await connection.select(
      `SELECT log_id, ${bytes('log_type')}, ${bytes('log_action')}, ${bytes('log_timestamp')}, actor_id, actor_user, ` +
        `${bytes('actor_name')}, log_namespace, ${bytes('log_title')}, comment_id, ${bytes('comment_text')}, ` +
        `${bytes('log_params')}, log_deleted, log_page FROM ${table('logging')} ` +
        `LEFT JOIN ${table('actor')} ON actor_id = log_actor ` +
        `LEFT JOIN ${table('comment')} ON comment_id = log_comment_id ` +
        `WHERE ${conditions.join(' AND ')} ORDER BY log_id LIMIT ${limit}`,
      parameters,
      { signal: options.signal },
    );
    const batch: LogRow[] = [];
    while (rows.next()) {
      const timestamp = rows.binary(3);
      const problems: LogRecord['problems'][number][] = [];
      if (rows.isNull(4)) problems.push('actor-missing');
      if (rows.isNull(9)) problems.push('comment-missing');
      if (!isTimestampColumn(rows, 3)) problems.push('timestamp-invalid');
      batch.push({
        id: rows.int(0),
        type: rows.binary(1),
        action: rows.binary(2),
        timestamp,
        userId: rows.int(5),
        userName: rows.binary(6),
        namespace: rows.int(7),
        title: rows.binary(8),
        comment: rows.binary(10),
        params: rows.binary(11),
        deleted: rows.int(12),
        pageId: rows.int(13),
        problems,
      });
    }
    const last = batch.at(-1);
    if (last === undefined) return;
    fromId = last.id + 1;
    yield batch;
  }
}

/** The greatest id of all entries; 0 where there are none. */
export async function greatestLogId(
  connection: DatabaseConnection,
  schema: WikiSchema,
  signal?: AbortSignal,
): Promise<number> {
  const logging = tableName(connection, 'logging', schema.tablePrefix);
  const rows = await connection.select(`SELECT MAX(log_id) FROM ${logging}`, [], { signal });
  return rows.next() && !rows.isNull(0) ? rows.int(0) : 0;
}

/** The log types that the wiki has, with their numbers of rows: for classifying unknown ones. */
export async function readLogTypes(
  connection: DatabaseConnection,
  schema: WikiSchema,
): Promise<ReadonlyMap<string, number>> {
  const type = connection.dialect.bytes('log_type');
  const table = tableName(connection, 'logging', schema.tablePrefix);
  const rows = await connection.select(`SELECT ${type}, COUNT(*) FROM ${table} GROUP BY log_type`);
  const types = new Map<string, number>();
  while (rows.next()) types.set(rows.binary(0), rows.int(1));
  return types;
}
