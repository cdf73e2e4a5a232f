import { fileAndSiteTables } from './file-and-site-tables.ts';
import { linkTables } from './link-tables.ts';
import { logAndUserTables } from './log-and-user-tables.ts';
import { pageTables } from './page-tables.ts';
import { revisionTables } from './revision-tables.ts';
import type { SchemaVersion } from './schema-version.ts';
import type { TableShape } from './table.ts';

/** Every table of a MediaWiki that a dump reads, or must know not to read. */
export function wikiTables(version: SchemaVersion): readonly TableShape[] {
  return [
    ...pageTables(version),
    ...revisionTables(version),
    ...linkTables(version),
    ...logAndUserTables(version),
    ...fileAndSiteTables(version),
  ];
}
