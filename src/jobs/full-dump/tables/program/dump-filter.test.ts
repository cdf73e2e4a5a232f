import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DumpFilter } from './dump-filter.ts';

const sandboxLines = [
  '/*M!999999\\- enable the sandbox mode */ \n',
  '/*!999999\\- enable the sandbox mode */\n',
  '',
];
const dump = (sandbox: string, host: string, values: string) =>
  `${sandbox}-- MariaDB dump 10.19\n--\n-- Host: ${host}    Database: frwiki\n-- -----\n-- Server version\t10\n\n` +
  `CREATE TABLE \`t\` (\n  \`a\` int\n)\n/*!50100 PARTITION BY LIST (a)\n(PARTITION p0) */;\n${values}` +
  'UNLOCK;\n-- Host: in the data    Database: stays\n\n-- Dump completed\n';

const cutAt = (text: string, cuts: readonly number[]) => {
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => Buffer.from(bytes.subarray(places[i], end)));
};
const filtered = (chunks: readonly Buffer[]) => {
  const filter = new DumpFilter();
  return Buffer.concat([...chunks.map((chunk) => filter.push(chunk)), filter.finish()]).toString();
};

test('sandbox line and host go and rows are joined, wherever the chunks are cut', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...sandboxLines),
      fc.constantFrom('localhost', 'db1007.internal.example', '10.0.0.3'),
      fc.array(fc.constantFrom("(1,'a')", "(2,'VALUES\\n(,\\n(')", '(3,NULL)'), { maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      (sandbox, host, rows, cuts) => {
        const insert = 'INSERT INTO `t` VALUES';
        const before = rows.length === 0 ? '' : `${insert}\n${rows.join(',\n')};\n`;
        const after = rows.length === 0 ? '' : `${insert} ${rows.join(',')};\n`;
        assert.equal(filtered(cutAt(dump(sandbox, host, before), cuts)), dump('', '-', after));
      },
    ),
    { numRuns: 300 },
  );
});

test('a dump of one-byte chunks is the same as a whole one', () => {
  const text = dump(sandboxLines[0] ?? '', 'localhost', 'INSERT INTO `t` VALUES\n(1),\n(2);\n');
  assert.equal(
    filtered([...Buffer.from(text)].map((byte) => Buffer.from([byte]))),
    filtered([Buffer.from(text)]),
  );
});

test('bytes that are no UTF-8 pass as they are', () => {
  const bytes = Buffer.concat([Buffer.from('-- x\n\n'), Buffer.from([0xff, 0xc3, 0x28, 0x0a, 0x80])]);
  const filter = new DumpFilter();
  assert.deepEqual(Buffer.concat([filter.push(bytes), filter.finish()]), bytes);
});
