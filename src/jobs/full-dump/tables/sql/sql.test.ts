import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isComplete } from './completion.ts';
import { RowCounter } from './row-counter.ts';
import { SqlBuffer } from './sql-buffer.ts';

/** Reads a string literal as MySQL does. */
function unquoted(literal: Buffer): Buffer {
  assert.equal(literal[0], 0x27);
  assert.equal(literal.at(-1), 0x27);
  const known: Readonly<Record<string, number>> = { '0': 0, n: 10, r: 13, Z: 26 };
  const bytes: number[] = [];
  for (let i = 1; i < literal.length - 1; i++) {
    const byte = literal[i] ?? 0;
    assert.notEqual(byte, 0x27, 'a quote that ends the string too early');
    if (byte !== 0x5c) bytes.push(byte);
    else {
      const next = literal[++i] ?? 0;
      bytes.push(known[String.fromCharCode(next)] ?? next);
    }
  }
  return Buffer.from(bytes);
}

const bytes = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 10, 13, 26, 34, 39, 92)))
  .map((values) => Buffer.from(values));

test('any bytes come back from their literal, which has no line feed and no NUL', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      const buffer = new SqlBuffer(4);
      buffer.quoted(value);
      const literal = buffer.take();
      assert.deepEqual(unquoted(literal), value);
      assert.ok(!literal.includes(0x0a) && !literal.includes(0));
    }),
  );
});

test('the buffer keeps what was in it when it grows, and is empty when taken', () => {
  const buffer = new SqlBuffer(4);
  buffer.text('añ€');
  buffer.quoted(Buffer.from("it's"));
  assert.equal(buffer.take().toString(), "añ€'it\\'s'");
  assert.equal(buffer.length, 0);
});

test('rows are counted whatever stands in them, wherever chunks are cut', () => {
  const values = fc.array(
    fc.oneof(
      bytes.map((value) => {
        const buffer = new SqlBuffer();
        buffer.quoted(value);
        return buffer.take();
      }),
      fc.constantFrom('NULL', '-1', '1e+21', "_binary 'x(;'").map((text) => Buffer.from(text)),
    ),
    { minLength: 1, maxLength: 4 },
  );
  const rows = fc.array(values, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 4 }), fc.integer({ min: 1, max: 50 }), (statements, size) => {
      const parts: Buffer[] = [Buffer.from('-- INSERT INTO (\nCREATE TABLE `t` (\n  `a` int\n);\n')];
      for (const [i, statement] of statements.entries()) {
        parts.push(
          Buffer.from(i % 2 ? 'INSERT INTO `VALUES (` VALUES (' : 'INSERT INTO `t` (`a(V`, `b`) VALUES\n('),
        );
        statement.forEach((row, j) => {
          if (j > 0) parts.push(Buffer.from('),('));
          row.forEach((value, k) => {
            parts.push(...(k > 0 ? [Buffer.from(','), value] : [value]));
          });
        });
        parts.push(Buffer.from(');\n'));
      }
      const all = Buffer.concat(parts);
      const counter = new RowCounter();
      for (let at = 0; at < all.length; at += size) counter.push(all.subarray(at, at + size));
      assert.equal(counter.rows, statements.flat().length);
    }),
  );
});

test('only a dump with its last line is complete', () => {
  assert.ok(isComplete(Buffer.from('x;\n\n-- Dump completed\n')));
  assert.ok(isComplete(Buffer.from('x;\n-- Dump completed on 2026-01-01 13:22:14\n')));
  assert.ok(!isComplete(Buffer.from("('-- Dump completed\\n")));
  assert.ok(!isComplete(Buffer.from('x;\n-- Dump complet')));
  assert.ok(!isComplete(Buffer.alloc(0)));
});
