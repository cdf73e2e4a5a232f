import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { DataFile } from './data-file.ts';
import { eachNumberRow } from './each-number-row.ts';

test('rows of numbers come whole, over many chunks; anything else is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rota-numbers-'));
  try {
    const options = { memoryBytes: 64e6, threads: 1, temporaryFolder: join(folder, 'tmp') };
    await using file = await DataFile.create(join(folder, 'x.duckdb'), options);
    const query = `SELECT i::UINTEGER, (-i)::INTEGER, CASE WHEN i % 2 = 0 THEN 'NaN' ELSE i / 4 END::DOUBLE FROM range(5000) AS r(i)`;
    const found: number[][] = [];
    await eachNumberRow(file, query, (columns, row) =>
      found.push(columns.map((column) => column[row] ?? -1)),
    );
    const expected = Array.from({ length: 5000 }, (_, i) => [i, 0 - i, i % 2 === 0 ? Number.NaN : i / 4]);
    assert.deepEqual(
      found.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0)),
      expected,
    );
    await assert.rejects(
      eachNumberRow(file, "SELECT 'a'", () => {}),
      (error) => isRotaError(error, 'INTERNAL'),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
