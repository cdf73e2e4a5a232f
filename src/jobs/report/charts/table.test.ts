import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvCell, csvOf } from './table.ts';
import { parseCsv } from './testing/parse-csv.ts';

test('what a spreadsheet would run as a formula is text', () => {
  for (const formula of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '  =1',
    '＝1+1',
    '=HYPERLINK("http://x","y")',
  ]) {
    assert.match(csvCell(formula), /^"?'/, formula);
  }
  assert.equal(csvCell(-1.5), '-1.5');
  assert.equal(csvCell('2026-11-22'), '2026-11-22');
  assert.equal(csvCell('a - b = c'), 'a - b = c');
});

test('cells come back whole from a reader of RFC 4180', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('a,b', 'say "hi"', 'two\nlines', ''),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 4 }), (rows) => {
      const text = csvOf({
        columns: [
          { key: 'a', title: 'A', kind: 'text' },
          { key: 'b', title: 'B', kind: 'text' },
        ],
        rows,
      });
      const [head, ...read] = parseCsv(text);
      assert.deepEqual(head, ['a', 'b']);
      assert.deepEqual(
        read.map((row) => row.map((value) => value.replace(/^'/, ''))),
        rows.map((row) => row.map((value) => value.replace(/^'/, ''))),
      );
    }),
  );
});

test('numbers keep all of their digits', () => {
  assert.equal(csvCell(2 / 3), '0.6666666666666666');
  assert.equal(csvCell(null), '');
});
