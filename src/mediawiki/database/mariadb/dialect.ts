import type { Dialect } from '../database-connection.ts';

/** MariaDB and MySQL. */
export const mariadbDialect: Dialect = {
  name: 'mariadb',
  capabilities: {
    snapshotDiesWithConnection: true,
    replication: true,
    grants: true,
    concurrentReads: true,
  },
  // The connection's character set is binary: columns come as stored.
  bytes: (column) => column,
  table: (name) => `\`${name}\``,
};
