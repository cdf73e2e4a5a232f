import { isRotaError, RotaError } from '../../core/errors/rota-error.ts';
import type { Log } from '../../core/log.ts';
import { describeAddress } from './database-address.ts';
import type { DatabaseConnection } from './database-connection.ts';

/** Seconds behind the primary; 'none' on a server that is no replica; 'unknown' where the account may not ask. */
export type ReplicationLag = number | 'none' | 'stopped' | 'unknown';

/** Asks a server how far it is behind. The account needs REPLICA MONITOR (MySQL: REPLICATION CLIENT). */
export async function replicationLag(connection: DatabaseConnection): Promise<ReplicationLag> {
  if (!connection.dialect.capabilities.replication) return 'none';
  // The older words come second: MySQL 8.4 knows only the newer, MariaDB before 10.5 only the older.
  for (const question of ['SHOW REPLICA STATUS', 'SHOW SLAVE STATUS']) {
    try {
      const rows = await connection.select(question);
      const column = rows.columns.findIndex((name) => /^Seconds_Behind_(Master|Source)$/i.test(name));
      if (!rows.next()) return 'none';
      if (column < 0) return 'unknown';
      return rows.isNull(column) ? 'stopped' : rows.int(column);
    } catch (error) {
      if (!isRotaError(error, 'QUERY_FAILED', 'TABLE_NOT_GRANTED')) throw error;
    }
  }
  return 'unknown';
}

/**
 * Refuses a replica that is too far behind. Where the account may not ask, the check is off and a warning says so.
 * @throws RotaError REPLICA_LAGGED
 */
export async function checkReplicationLag(
  connection: DatabaseConnection,
  options: { readonly maxReplicationLagMs: number; readonly log: Log },
): Promise<ReplicationLag> {
  const lag = await replicationLag(connection);
  const where = describeAddress(connection.address);
  if (lag === 'unknown') {
    options.log.warn(
      { database: where },
      'maxReplicationLag is off: the account may not ask for it (GRANT REPLICA MONITOR ON *.*)',
    );
  } else if (lag === 'stopped' || (typeof lag === 'number' && lag * 1000 > options.maxReplicationLagMs)) {
    const howMuch = lag === 'stopped' ? 'does not replicate' : `is ${lag} s behind its primary`;
    throw new RotaError(
      'REPLICA_LAGGED',
      `The replica ${where} ${howMuch} (allowed are ${options.maxReplicationLagMs / 1000} s): wait, or choose another.`,
      { facts: { lag } },
    );
  }
  return lag;
}
