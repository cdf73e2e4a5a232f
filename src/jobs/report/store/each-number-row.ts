import { DuckDBDoubleVector, DuckDBIntegerVector, DuckDBUIntegerVector } from '@duckdb/node-api';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { DataFile } from './data-file.ts';

export type NumberColumns = readonly (Uint32Array | Int32Array | Float64Array)[];

/**
 * Hands out the rows of a query whose columns are all numbers (UINTEGER, INTEGER or DOUBLE) without nulls, as the columns of
 * a chunk and the row in it. A tenth of the cost of rows of values: texts are best replaced by numbers in the query, and each
 * looked up once.
 */
export async function eachNumberRow(
  file: DataFile,
  sql: string,
  take: (columns: NumberColumns, row: number) => void,
): Promise<void> {
  const result = await file.connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const { rowCount } = chunk;
    const columns = Array.from({ length: chunk.columnCount }, (_, i) => {
      const vector = chunk.getColumnVector(i);
      if (
        vector instanceof DuckDBUIntegerVector ||
        vector instanceof DuckDBIntegerVector ||
        vector instanceof DuckDBDoubleVector
      )
        // The values themselves, which the library reads one by one; it only does not call them public.
        return (vector as unknown as { readonly items: NumberColumns[number] }).items;
      throw new RotaError('INTERNAL', `Column ${i} of a query for numbers holds something else: ${sql}`);
    });
    for (let row = 0; row < rowCount; row += 1) take(columns, row);
  }
}
