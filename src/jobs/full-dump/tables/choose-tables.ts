import type { WikiConfig } from '../../../config/farm-config.ts';
import { tableOutput, tableOutputs } from '../../../publish/dump-catalogue/table-outputs.ts';
import type { Audience } from '../../../publish/workspace/tree.ts';

/** A table that a run dumps. */
export interface ChosenTable {
  /** As MediaWiki calls it, without prefix: the name in the file's name. */
  readonly table: string;
  /** Its name in the database. */
  readonly storedName: string;
  readonly audience: Audience;
}

export interface TableChoice {
  readonly tables: readonly ChosenTable[];
  /** Tables that the configuration names and the wiki does not have (or the account may not see). */
  readonly missing: readonly string[];
}

/**
 * The tables of the allow-list that the wiki has, and what its configuration names. Only the allow-list and
 * `tables.extra` are public; `tables.private` wins over both, and a private wiki has nothing public.
 * @param present all tables of the database, with prefix
 */
export function chooseTables(
  present: Iterable<string>,
  wiki: Pick<WikiConfig, 'isPrivate' | 'tablePrefix' | 'tables'>,
): TableChoice {
  const names = new Set(present);
  const stored = (table: string) => `${wiki.tablePrefix}${table}`;
  const named = [...wiki.tables.extra, ...wiki.tables.private];
  const wanted = new Set([...allowedTables, ...named]);
  const tables = [...wanted].filter((table) => names.has(stored(table)));
  return {
    tables: tables.map((table) => ({ table, storedName: stored(table), audience: audienceOf(table, wiki) })),
    missing: [...new Set(named)].filter((table) => !names.has(stored(table))),
  };
}

const allowedTables = tableOutputs.map((output) => output.file.replace(/\.sql\.gz$/, ''));

function audienceOf(table: string, wiki: Pick<WikiConfig, 'isPrivate' | 'tables'>): Audience {
  if (wiki.isPrivate || wiki.tables.private.includes(table)) return 'private';
  return wiki.tables.extra.includes(table) ? 'public' : tableOutput(table).audience;
}
