import type { Dialect } from '../database-connection.ts';

/** SQLite as MediaWiki uses it: one main file, not in WAL mode. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  capabilities: {
    snapshotDiesWithConnection: false,
    replication: false,
    grants: false,
    concurrentReads: false,
  },
  // A TEXT column would be decoded, which loses invalid UTF-8.
  bytes: (column) => `CAST(${column} AS BLOB)`,
  table: (name) => `"${name}"`,
};
