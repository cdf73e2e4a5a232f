import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeLine, shellWord } from './quote.ts';

const bytes = fc.uint8Array({ maxLength: 200 });
const text = fc
  .oneof(
    fc.string(),
    fc.constantFrom("'", "''", '$(touch x)', '`x`', '-n', '\n', '\\', '"', ' ', '*', '!', '\r'),
  )
  .filter((value) => !value.includes('\0'));

test('a line that printf turns back is one line of plain ASCII', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      assert.match(escapeLine(value), /^[\x20-\x7e]*$/);
    }),
  );
});

test('any bytes come back from read and printf of the shell', () => {
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1, maxLength: 40 }), (values) => {
      const input = values.map((value) => `${escapeLine(value)}\n`).join('');
      const script = 'while IFS= read -r line; do printf %b "$line"; done';
      assert.deepEqual(execFileSync('/bin/sh', ['-c', script], { input }), Buffer.concat(values));
    }),
    { numRuns: 15 },
  );
});

test('what stands behind a line is left for the next reader', () => {
  const input = `${escapeLine(Buffer.from('first\nline'))}\nrest\0\xff`;
  const script = 'IFS= read -r line; printf %b "$line" >/dev/null; exec cat';
  assert.deepEqual(
    execFileSync('/bin/sh', ['-c', script], { input: Buffer.from(input, 'latin1') }),
    Buffer.from('rest\0\xff', 'latin1'),
  );
});

test('a word stays one word, whatever is in it', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 30 }), (values) => {
      const script = `set -- ${values.map(shellWord).join(' ')}; for word; do printf '%s\\0' "$word"; done`;
      const output = execFileSync('/bin/sh', ['-c', script]).toString();
      assert.deepEqual(output.split('\0').slice(0, -1), values);
    }),
    { numRuns: 20 },
  );
  assert.throws(() => shellWord('a\0b'), TypeError);
});
