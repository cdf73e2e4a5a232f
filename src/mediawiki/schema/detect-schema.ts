import { isRotaError, RotaError } from '../../core/errors/rota-error.ts';
import { describeAddress } from '../database/database-address.ts';
import type { DatabaseConnection } from '../database/database-connection.ts';
import { listTables } from '../metadata/list-tables.ts';
import { tableName } from './table-name.ts';
import type { WikiSchema } from './wiki-schema.ts';

/** Tables that every supported version has and a dump reads, with columns that must be there. */
const needed: Readonly<Record<string, readonly string[]>> = {
  page: ['page_id', 'page_namespace', 'page_title', 'page_is_redirect', 'page_latest'],
  revision: ['rev_id', 'rev_page', 'rev_timestamp', 'rev_minor_edit', 'rev_deleted', 'rev_sha1'],
  slots: ['slot_revision_id', 'slot_role_id', 'slot_content_id', 'slot_origin'],
  slot_roles: ['role_id', 'role_name'],
  content: ['content_id', 'content_size', 'content_sha1', 'content_model', 'content_address'],
  content_models: ['model_id', 'model_name'],
  comment: ['comment_id', 'comment_text'],
  actor: ['actor_id', 'actor_user', 'actor_name'],
  redirect: ['rd_from', 'rd_namespace', 'rd_title', 'rd_interwiki'],
  text: ['old_id', 'old_text', 'old_flags'],
  logging: ['log_id', 'log_type', 'log_actor', 'log_comment_id', 'log_deleted'],
};

/**
 * Finds out from the database itself which schema the wiki has, and that the account may read it.
 * @throws RotaError NOT_A_WIKI, SCHEMA_UNSUPPORTED, TABLE_MISSING, TABLE_NOT_GRANTED
 */
export async function detectSchema(connection: DatabaseConnection): Promise<WikiSchema> {
  const tablePrefix = connection.address.tablePrefix ?? '';
  const where = describeAddress(connection.address);
  const columnsOf = (table: string) => columns(connection, tableName(connection, table, tablePrefix));

  const page = await columnsOf('page');
  const revision = await columnsOf('revision');
  if (page === null || revision === null || !revision.has('rev_id')) {
    throw new RotaError('NOT_A_WIKI', `${where} holds no MediaWiki wiki: ${await guess(connection)}.`);
  }
  if ((await columnsOf('slots')) === null || (await columnsOf('actor')) === null) {
    throw new RotaError(
      'SCHEMA_UNSUPPORTED',
      `The schema of ${where} is older than MediaWiki 1.35 (no slots or actor table): run update.php of 1.35 or later.`,
    );
  }
  for (const [table, wanted] of Object.entries(needed)) {
    const found = await columnsOf(table);
    if (found === null)
      throw new RotaError(
        'TABLE_MISSING',
        `${where} has no table "${tablePrefix}${table}", which a MediaWiki has: restore it, or run update.php.`,
        { facts: { table: tablePrefix + table } },
      );
    const missing = wanted.filter((column) => !found.has(column));
    if (missing.length > 0)
      throw new RotaError(
        'SCHEMA_UNSUPPORTED',
        `The table "${tablePrefix}${table}" of ${where} has no column ${missing.join(', ')}: Rota knows the schemas of MediaWiki 1.35 to 1.45.`,
        { facts: { table: tablePrefix + table, missing } },
      );
  }
  const hasCommentTemp = (await columnsOf('revision_comment_temp')) !== null;
  const hasActorTemp = (await columnsOf('revision_actor_temp')) !== null;
  if (!revision.has('rev_comment_id') || !revision.has('rev_actor'))
    throw new RotaError(
      'SCHEMA_UNSUPPORTED',
      `The table "${tablePrefix}revision" of ${where} has no rev_actor or rev_comment_id, so it is older than MediaWiki 1.35: run update.php.`,
    );
  const generation = hasActorTemp ? '1.35' : hasCommentTemp ? '1.39' : '1.43';
  return { generation, tablePrefix, hasCommentTemp, hasActorTemp };
}

/** The columns of a table; null when there is no such table. */
async function columns(connection: DatabaseConnection, table: string): Promise<Set<string> | null> {
  try {
    const rows = await connection.select(`SELECT * FROM ${table} LIMIT 0`);
    return new Set(rows.columns);
  } catch (error) {
    if (isRotaError(error, 'TABLE_MISSING')) return null;
    throw error;
  }
}

async function guess(connection: DatabaseConnection): Promise<string> {
  const tables = await listTables(connection).catch((): string[] => []);
  const prefixes = tables
    .filter((name) => name.endsWith('revision') && tables.includes(`${name.slice(0, -8)}page`))
    .map((name) => name.slice(0, -8));
  if (prefixes.length > 0)
    return `its tables have the prefix ${prefixes.map((prefix) => `"${prefix}"`).join(' or ')}; set tablePrefix`;
  return tables.length === 0
    ? 'it has no tables that the account can see'
    : 'check the name of the database and tablePrefix ($wgDBprefix)';
}
