import type { DatabaseConnection, QueryParameter } from '../database/database-connection.ts';
import type { BinaryString } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';

export interface PageTitle {
  readonly namespace: number;
  /** page_title: with underscores. */
  readonly title: BinaryString;
}

/** All titles by namespace, then by the title's bytes: the order of the index that the field's lists come in. */
export async function* readTitles(
  connection: DatabaseConnection,
  schema: WikiSchema,
  options: { readonly namespaces?: readonly number[]; readonly signal?: AbortSignal } = {},
): AsyncGenerator<PageTitle[], void, undefined> {
  const limit = 20_000;
  const page = tableName(connection, 'page', schema.tablePrefix);
  const title = connection.dialect.bytes('page_title');
  const namespaces = options.namespaces ?? (await usedNamespaces(connection, page));
  for (const namespace of namespaces) {
    for (let after: BinaryString | null = null; ; ) {
      options.signal?.throwIfAborted();
      const parameters: QueryParameter[] = after === null ? [namespace] : [namespace, after];
      const rows = await connection.select(
        `SELECT ${title} FROM ${page} WHERE page_namespace = ? ${after === null ? '' : `AND ${title} > ?`} ` +
          `ORDER BY ${title} LIMIT ${limit}`,
        parameters,
        { signal: options.signal },
      );
      const titles: PageTitle[] = [];
      while (rows.next()) titles.push({ namespace, title: rows.binary(0) });
      if (titles.length > 0) yield titles;
      after = titles.at(-1)?.title ?? null;
      if (titles.length < limit) break;
    }
  }
}

async function usedNamespaces(connection: DatabaseConnection, page: string): Promise<number[]> {
  const rows = await connection.select(`SELECT DISTINCT page_namespace FROM ${page} ORDER BY page_namespace`);
  const namespaces: number[] = [];
  while (rows.next()) namespaces.push(rows.int(0));
  return namespaces;
}
