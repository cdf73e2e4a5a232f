import { resolve } from 'node:path';
import { readingData } from '../../jobs/report/loading/data-settings.ts';
import { DataFile } from '../../jobs/report/store/data-file.ts';
import { queryData } from '../../jobs/report/store/query-data.ts';
import type { Cli } from '../cli.ts';
import { lastLoad } from './last-load.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ReportSqlOptions {
  readonly data?: string;
  readonly rows: number;
}

const tablesQuery = `SELECT table_name AS "table", string_agg(column_name || ' ' || lower(data_type), ', ' ORDER BY column_index) AS columns
  FROM duckdb_columns() WHERE NOT internal GROUP BY table_name ORDER BY table_name`;

export async function runReportSql(
  cli: Cli,
  query: string | undefined,
  options: ReportSqlOptions,
): Promise<undefined> {
  const path = options.data === undefined ? (await lastLoad(cli)).path : resolve(cli.io.cwd, options.data);
  await using folder = await temporaryFolder();
  await using file = await DataFile.openReadOnly(path, readingData(folder.path));
  const { columns, rows, isCut } = await queryData(file, query ?? tablesQuery, options.rows);
  const named = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])));
  cli.out.table(
    columns.map((column) => ({
      title: column,
      value: (row: Readonly<Record<string, unknown>>) => textOf(row[column]),
      shrinks: true,
    })),
    named,
    'no rows',
  );
  if (isCut) cli.out.remark(`rota: there are more than ${options.rows} rows; --rows prints more`);
  return undefined;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
