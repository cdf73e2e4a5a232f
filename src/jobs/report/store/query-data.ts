import { RotaError } from '../../../core/errors/rota-error.ts';
import { type DataFile, firstLine } from './data-file.ts';

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** There were more rows than were asked for. */
  readonly isCut: boolean;
}

/**
 * Runs a query that somebody typed. The file is open for reading only; that alone would still let a query read and write
 * other files of this machine, so access to anything outside is turned off first, for good.
 * @throws RotaError REPORT_SQL
 */
export async function queryData(file: DataFile, sql: string, maxRows: number): Promise<QueryResult> {
  if (sql.trim() === '')
    throw new RotaError('REPORT_SQL', 'The query is empty; write one, or none for the list of tables');
  await file.run('SET enable_external_access = false');
  await file.run('SET lock_configuration = true');
  try {
    const reader = await file.connection.streamAndReadUntil(sql, maxRows + 1);
    const rows = reader.getRowsJson();
    return {
      columns: reader.deduplicatedColumnNames(),
      rows: rows.slice(0, maxRows),
      isCut: rows.length > maxRows,
    };
  } catch (error) {
    throw new RotaError('REPORT_SQL', `The query failed: ${firstLine(error)}`, { cause: error });
  }
}
