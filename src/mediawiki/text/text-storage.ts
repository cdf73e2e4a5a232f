import type { DatabaseConnection } from '../database/database-connection.ts';
import type { ExternalStores } from './external-stores.ts';
import type { LegacyDecoder } from './legacy-encoding.ts';
import type { ObjectCache } from './object-cache.ts';
import type { TextTable } from './stored-row.ts';

/** What a batch needs of its source. */
export interface TextStorage {
  readonly connection: DatabaseConnection;
  readonly textTable: TextTable;
  readonly external: ExternalStores;
  readonly objects: ObjectCache;
  /** Null when the wiki has no legacy encoding: then rows without the flag utf-8 are UTF-8, too. */
  readonly legacy: LegacyDecoder | null;
}
