import type { DatabaseConnection } from '../database/database-connection.ts';
import type { BinaryString } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';
import { storedTime } from './timestamp.ts';

/** What an entry of the log is about: never published, so entries of every type count, hidden ones as well. */
export interface LogHint {
  readonly type: BinaryString;
  readonly action: BinaryString;
  readonly namespace: number;
  readonly title: BinaryString;
  readonly params: BinaryString;
  /** log_page; 0 where it is not known. */
  readonly pageId: number;
}

/** Types that tell of nothing that a dump of pages shows, but make up most of many a log. */
const idleTypes = ['patrol', 'newusers', 'thanks', 'abusefilter', 'tag', 'titleblacklist', 'spamblacklist'];
const entriesPerBatch = 5000;

/** The log from an id on, in batches. */
export async function* readLogHints(
  connection: DatabaseConnection,
  schema: WikiSchema,
  options: { readonly fromId: number; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<readonly LogHint[], void, undefined> {
  const logging = tableName(connection, 'logging', schema.tablePrefix);
  const { bytes } = connection.dialect;
  const type = bytes('log_type');
  for (let { fromId } = options; ; ) {
    const rows = await connection.select(
      `SELECT log_id, ${type}, ${bytes('log_action')}, log_namespace, ${bytes('log_title')}, ` +
        `${bytes('log_params')}, log_page FROM ${logging} WHERE log_id >= ? AND ${type} NOT IN (?) ` +
        `ORDER BY log_id LIMIT ${entriesPerBatch}`,
      [fromId, idleTypes],
      { signal: options.signal },
    );
    const batch: LogHint[] = [];
    while (rows.next()) {
      fromId = rows.int(0) + 1;
      batch.push({
        type: rows.binary(1),
        action: rows.binary(2),
        namespace: rows.int(3),
        title: rows.binary(4),
        params: rows.binary(5),
        pageId: rows.int(6),
      });
    }
    if (batch.length === 0) return;
    yield batch;
  }
}

/** The smallest id of the entries since a time; null where there is none. */
export async function firstLogSince(
  connection: DatabaseConnection,
  schema: WikiSchema,
  since: Date,
  signal?: AbortSignal,
): Promise<number | null> {
  const logging = tableName(connection, 'logging', schema.tablePrefix);
  const rows = await connection.select(
    `SELECT MIN(log_id) FROM ${logging} WHERE ${connection.dialect.bytes('log_timestamp')} >= ?`,
    [String(storedTime(since))],
    { signal },
  );
  return rows.next() && !rows.isNull(0) ? rows.int(0) : null;
}
