import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Secret } from '../../core/secret.ts';
import { openLog } from '../open-log.ts';
import { CapturedStream } from '../testing.ts';
import { Output } from './output.ts';
import { displayWidth, formatTable } from './table.ts';

const columns = [
  { title: 'NAME', value: (row: { name: string; size: number }) => row.name, shrinks: true },
  { title: 'SIZE', value: (row: { name: string; size: number }) => String(row.size), align: 'right' },
] as const;

test('columns line up, numbers at the right, and no line ends in spaces', () => {
  const rows = [
    { name: 'frwiki', size: 5 },
    { name: '維基', size: 1234 },
  ];
  assert.deepEqual(formatTable(columns, rows), ['NAME    SIZE', 'frwiki     5', '維基    1234']);
});

test('a table fits its width whatever stands in it, one line a row', () => {
  const row = fc.record({ name: fc.string({ unit: 'grapheme', maxLength: 120 }), size: fc.nat() });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 30, max: 100 }), (rows, width) => {
      const lines = formatTable(columns, rows, width);
      assert.equal(lines.length, rows.length + 1);
      for (const line of lines) {
        assert.ok(displayWidth(line) <= width, line);
        assert.doesNotMatch(line, /\p{Cc}/u);
      }
    }),
  );
});

test('with --json each row is a line of JSON, and an empty table is silence', () => {
  const [stdout, stderr] = [new CapturedStream(), new CapturedStream()];
  const out = new Output({ stdout, stderr, json: true, color: false });
  out.table(columns, [{ name: 'a\nb', size: 1 }], 'none');
  out.table(columns, [], 'none');
  assert.equal(stdout.text, '{"name":"a\\nb","size":1}\n');
  assert.equal(stderr.text, '');
});

test('the log is one plain line per event, without secrets, at the level asked for', async () => {
  const stderr = new CapturedStream();
  {
    await using opened = openLog({ level: 'info', file: null, stderr, json: false });
    opened.log.debug({}, 'too fine');
    opened.log.warn({ wiki: 'frwiki', password: new Secret('hunter2'), text: 'a\nb' }, 'slow\u001b[2J');
  }
  assert.match(
    stderr.text,
    /^\d\d:\d\d:\d\d warn {2}slow\\x1b\[2J \(wiki=frwiki password="?\[secret\]"? text="a\\nb"\)\n$/,
  );
});
