import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AnswerReader } from './answer-reader.ts';
import { ServerError } from './server-error.ts';

/** Packets as a server sends them: payloads of 16 MiB and more in several parts. */
function packets(payloads: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  let sequence = 1;
  for (const payload of payloads) {
    for (let at = 0; ; at += 0xffffff) {
      const part = payload.subarray(at, at + 0xffffff);
      const header = Buffer.alloc(4);
      header.writeUIntLE(part.length, 0, 3);
      header[3] = sequence++ & 0xff;
      parts.push(header, part);
      if (part.length < 0xffffff) break;
    }
  }
  return Buffer.concat(parts);
}

function lengthCoded(value: Buffer | null): Buffer {
  if (value === null) return Buffer.from([251]);
  let head: Buffer;
  if (value.length < 251) head = Buffer.from([value.length]);
  else if (value.length < 0x10000) head = Buffer.from([252, value.length & 0xff, value.length >> 8]);
  else if (value.length < 0x1000000) {
    head = Buffer.alloc(4, 253);
    head.writeUIntLE(value.length, 1, 3);
  } else {
    head = Buffer.alloc(9, 254);
    head.writeBigUInt64LE(BigInt(value.length), 1);
  }
  return Buffer.concat([head, value]);
}

const columnDefinition = (name: string) =>
  Buffer.concat(['def', 'db', 't', 't', name, name].map((text) => lengthCoded(Buffer.from(text))));
const end = Buffer.from([0xfe, 0, 0, 2, 0]);
const answer = (columns: readonly string[], rows: readonly (readonly (Buffer | null)[])[]) => [
  Buffer.from([columns.length]),
  ...columns.map(columnDefinition),
  end,
  ...rows.map((row) => Buffer.concat(row.map(lengthCoded))),
  end,
];

function readIn(bytes: Buffer, sizes: readonly number[]): AnswerReader {
  const reader = new AnswerReader(Buffer.alloc(10));
  let done = false;
  let turn = 0;
  for (let at = 0; at < bytes.length; ) {
    assert.equal(done, false);
    const size = sizes[turn++ % sizes.length] ?? 1;
    done = reader.push(bytes.subarray(at, at + size));
    at += size;
  }
  assert.equal(done, true);
  return reader;
}

function collect(reader: AnswerReader): (Buffer | null)[][] {
  const rows = reader.rows();
  const all: (Buffer | null)[][] = [];
  while (rows.next())
    all.push(
      rows.columns.map((_, column) => {
        const bytes = rows.bytes(column);
        return bytes === null ? null : Buffer.from(bytes);
      }),
    );
  return all;
}

describe('AnswerReader', () => {
  it('reads any rows, in whatever pieces the bytes arrive', () => {
    const cell = fc.option(
      fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
      { nil: null },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
        (rows, sizes) => {
          assert.deepEqual(collect(readIn(packets(answer(['a', 'b'], rows)), sizes)), rows);
        },
      ),
    );
  });

  it('joins packets of 16 MiB and more, with rows before and behind them', () => {
    for (const length of [0xffffff - 5, 0xffffff - 4, 0xffffff, 2 * 0xffffff + 7]) {
      const large = Buffer.alloc(length, 'ab');
      const rows = [[Buffer.from('1')], [large], [Buffer.from('2')], [null]];
      const found = collect(readIn(packets(answer(['a'], rows)), [1_000_000]));
      assert.equal(found.length, 4);
      assert.ok(found[1]?.[0]?.equals(large));
      assert.deepEqual(found[2], [Buffer.from('2')]);
    }
  });

  it('reads integers and texts from where they lie', () => {
    const rows = readIn(
      packets(
        answer(
          ['a', 'b'],
          [
            [Buffer.from('-42'), Buffer.from([0xff, 0x41])],
            [Buffer.from('9007199254740993'), null],
          ],
        ),
      ),
      [7],
    ).rows();
    assert.equal(rows.rowCount, 2);
    assert.equal(rows.next(), true);
    assert.equal(rows.int(0), -42);
    assert.equal(rows.binary(1), '\xffA');
    assert.throws(() => rows.int(1), RangeError);
    rows.next();
    assert.throws(() => rows.int(0), RangeError);
    assert.equal(rows.isNull(1), true);
    assert.equal(rows.int(1), 0);
    assert.equal(rows.binary(1), '');
    assert.equal(rows.bytes(1), null);
    assert.equal(rows.next(), false);
  });

  it('reports an error at the beginning and in the middle of the rows', () => {
    const error = Buffer.concat([
      Buffer.from([0xff, 0x25, 0x05]),
      Buffer.from('#70100Query execution was interrupted'),
    ]);
    const whole = answer(['a'], [[Buffer.from('1')]]);
    for (const payloads of [[error], [...whole.slice(0, -1), error]]) {
      assert.throws(
        () => readIn(packets(payloads), [3]),
        (thrown: unknown) =>
          thrown instanceof ServerError &&
          thrown.number === 1317 &&
          thrown.state === '70100' &&
          thrown.message === 'Query execution was interrupted',
      );
    }
  });

  it('takes an answer without rows, and refuses what it does not understand', () => {
    assert.equal(readIn(packets([Buffer.from([0, 0, 0, 2, 0, 0, 0])]), [2]).rows().rowCount, 0);
    assert.throws(() => readIn(packets([Buffer.from([0xfb, 0x41])]), [9]), ServerError);
    const several = answer(['a'], []);
    several[several.length - 1] = Buffer.from([0xfe, 0, 0, 8, 0]);
    assert.throws(() => readIn(packets(several), [9]), ServerError);
  });
});
