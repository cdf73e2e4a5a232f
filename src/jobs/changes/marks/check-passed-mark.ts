import { isRotaError, RotaError } from '../../../core/errors/rota-error.ts';
import type { WikiReading } from '../../../dumping/wiki-access.ts';
import { describeAddress } from '../../../mediawiki/database/database-address.ts';
import { replicationLag } from '../../../mediawiki/database/replication-lag.ts';
import { tableName } from '../../../mediawiki/schema/table-name.ts';
import type { DatedMark } from './marks.ts';

/**
 * Refuses a server that has not come as far as a mark: one behind the same name as another, or in its place since. A dump
 * of it would lack revisions below the mark, which no later day would bring.
 * @throws RotaError REPLICA_LAGGED
 */
export async function checkPassedMark(
  reading: WikiReading,
  mark: DatedMark,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<void> {
  if (await hasPassed(reading, mark, now, signal)) return;
  throw new RotaError(
    'REPLICA_LAGGED',
    `The server ${describeAddress(reading.connection.address)} has not come as far as the mark of ${mark.date} ` +
      `(revision ${mark.revisionId}, taken at ${mark.takenAt}): wait, or name the server from which marks are taken.`,
  );
}

async function hasPassed(
  { connection, schema }: WikiReading,
  mark: DatedMark,
  now: Date,
  signal: AbortSignal,
): Promise<boolean> {
  const greatest = async (column: string, table: string): Promise<string> => {
    const name = tableName(connection, table, schema.tablePrefix);
    const value = column === 'log_timestamp' ? connection.dialect.bytes(column) : column;
    const rows = await connection.select(`SELECT MAX(${value}) FROM ${name}`, [], { signal });
    return rows.next() && !rows.isNull(0) ? rows.binary(0) : '';
  };
  if (Number(await greatest('rev_id', 'revision')) >= mark.revisionId) return true;
  // The newest page may have been deleted since.
  try {
    if (Number(await greatest('ar_rev_id', 'archive')) >= mark.revisionId) return true;
  } catch (error) {
    if (!isRotaError(error, 'TABLE_NOT_GRANTED', 'QUERY_FAILED')) throw error;
  }
  const takenAt = Date.parse(mark.takenAt);
  const stamp = mark.takenAt.replace(/[-:T]/g, '').slice(0, 14);
  if ((await greatest('log_timestamp', 'logging')) >= stamp) return true;
  const lag = await replicationLag(connection);
  return lag === 'none' || (typeof lag === 'number' && now.getTime() - lag * 1000 >= takenAt);
}
