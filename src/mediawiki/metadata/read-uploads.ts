import type { DatabaseConnection } from '../database/database-connection.ts';
import type { PageRecord, UploadRecord } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';

const fileNamespace = 6;
const namesPerQuery = 500;

/**
 * The uploads of file pages, by page id: old versions by time, then the present one. A page whose file has no
 * present version has none (as in MediaWiki's --uploads). Pages of other namespaces are ignored.
 */
export async function readUploads(
  connection: DatabaseConnection,
  schema: WikiSchema,
  pages: readonly Pick<PageRecord, 'id' | 'namespace' | 'title'>[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, readonly UploadRecord[]>> {
  const filePages = pages.filter((page) => page.namespace === fileNamespace);
  const uploads = new Map<number, UploadRecord[]>();
  for (let at = 0; at < filePages.length; at += namesPerQuery) {
    const batch = filePages.slice(at, at + namesPerQuery);
    const names = batch.map((page) => page.title);
    const present = await readVersions(connection, schema, 'image', names, signal);
    const old = await readVersions(connection, schema, 'oldimage', [...present.keys()], signal);
    for (const page of batch) {
      const current = present.get(page.title);
      if (current !== undefined) uploads.set(page.id, [...(old.get(page.title) ?? []), ...current]);
    }
  }
  return uploads;
}

async function readVersions(
  connection: DatabaseConnection,
  schema: WikiSchema,
  from: 'image' | 'oldimage',
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, UploadRecord[]>> {
  const versions = new Map<string, UploadRecord[]>();
  if (names.length === 0) return versions;
  const table = (name: string) => tableName(connection, name, schema.tablePrefix);
  const { bytes } = connection.dialect;
  const isOld = from === 'oldimage';
  const p = isOld ? 'oi' : 'img';
  // Inner joins: MediaWiki, too, does not know a file whose uploader or description is missing.
  const rows = await connection.select(
    `SELECT ${bytes(`${p}_name`)}, ${isOld ? bytes('oi_archive_name') : 'NULL'}, ${bytes(`${p}_timestamp`)}, ` +
      `actor_user, ${bytes('actor_name')}, ${bytes('comment_text')}, ${p}_size, ${bytes(`${p}_sha1`)}, ` +
      `${isOld ? 'oi_deleted' : '0'} FROM ${table(from)} ` +
      `JOIN ${table('actor')} ON actor_id = ${p}_actor ` +
      `JOIN ${table('comment')} ON comment_id = ${p}_description_id ` +
      `WHERE ${bytes(`${p}_name`)} IN (?) ORDER BY ${p}_name, ${p}_timestamp`,
    [names],
    { signal },
  );
  while (rows.next()) {
    const name = rows.binary(0);
    const list = versions.get(name) ?? [];
    versions.set(name, list);
    list.push({
      name,
      archiveName: rows.isNull(1) ? null : rows.binary(1),
      timestamp: rows.binary(2),
      userId: rows.int(3),
      userName: rows.binary(4),
      comment: rows.binary(5),
      sizeBytes: rows.int(6),
      sha1: rows.binary(7),
      deleted: rows.int(8),
    });
  }
  return versions;
}
