import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { adler32, applyBinaryPatch } from './binary-patch.ts';
import { decodeHistoryObject } from './history-object.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const php = (value: Buffer | string) =>
  Buffer.concat([bytes(`s:${value.length}:"`), Buffer.from(value), bytes('";')]);
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

function concatenated(texts: readonly string[], className = 'ConcatenatedGzipHistoryBlob'): Buffer {
  const items = Buffer.concat([
    bytes(`a:${texts.length}:{`),
    ...texts.flatMap((text) => [php(md5(text)), php(bytes(text))]),
    bytes('}'),
  ]);
  return Buffer.concat([
    bytes(`O:${className.length}:"${className}":4:{s:8:"mVersion";i:0;s:11:"mCompressed";b:1;s:6:"mItems";`),
    php(deflateRawSync(items)),
    bytes('s:12:"mDefaultHash";'),
    php(md5(texts[0] ?? '')),
    bytes('}'),
  ]);
}

/** A patch that keeps the common beginning and end and inserts what is between. */
function patchFrom(base: Buffer, target: Buffer): Buffer {
  let start = 0;
  while (start < base.length && start < target.length && base[start] === target[start]) start++;
  let tail = 0;
  const most = Math.min(base.length, target.length) - start;
  while (tail < most && base[base.length - 1 - tail] === target[target.length - 1 - tail]) tail++;
  const header = Buffer.alloc(8);
  header.writeUInt32LE(adler32(base), 0);
  header.writeUInt32LE(base.length, 4);
  const copy = (from: number, length: number) => {
    const operation = Buffer.alloc(9);
    operation[0] = 2;
    operation.writeUInt32LE(from, 1);
    operation.writeUInt32LE(length, 5);
    return operation;
  };
  const middle = target.subarray(start, target.length - tail);
  const insert = Buffer.alloc(middle.length < 256 ? 2 : 5);
  insert[0] = middle.length < 256 ? 1 : 3;
  if (middle.length < 256) insert[1] = middle.length;
  else insert.writeUInt32LE(middle.length, 1);
  return Buffer.concat([header, copy(0, start), insert, middle, copy(base.length - tail, tail)]);
}

function diffBlob(texts: readonly Buffer[], order: readonly number[]): Buffer {
  let tail: Buffer = Buffer.alloc(0);
  const diffs = order.map((item, index) => {
    const text = texts[item] ?? Buffer.alloc(0);
    const patch = patchFrom(tail, text);
    tail = text;
    return Buffer.concat([bytes(`i:${index};`), php(patch)]);
  });
  const map = order.map((item, index) => item - (order[index - 1] ?? 0)).join(',');
  const info = Buffer.concat([
    bytes(`a:3:{s:5:"diffs";a:${diffs.length}:{`),
    ...diffs,
    bytes('}s:3:"map";'),
    php(map),
    bytes('s:7:"default";i:0;}'),
  ]);
  return Buffer.concat([
    bytes('O:15:"DiffHistoryBlob":1:{s:11:"mCompressed";'),
    php(deflateRawSync(info)),
    bytes('}'),
  ]);
}

describe('decodeHistoryObject', () => {
  it('reads a ConcatenatedGzipHistoryBlob, also with the lower-case name of PHP 4', () => {
    for (const name of ['ConcatenatedGzipHistoryBlob', 'concatenatedgziphistoryblob']) {
      const object = decodeHistoryObject(concatenated(['one', 'two ü'], name));
      assert.equal(object.kind, 'items');
      assert.ok(object.kind === 'items');
      assert.equal(Buffer.from(object.items.get(md5('two ü')) ?? []).toString(), 'two ü');
      assert.equal(object.defaultKey, md5('one'));
    }
  });

  it('reads one that was serialised twice', () => {
    assert.equal(decodeHistoryObject(php(concatenated(['one']))).kind, 'items');
  });

  it('reads a DiffHistoryBlob whose items are in two interleaved sequences', () => {
    const texts = ['long text number zero', 'x', 'long text number two, longer', 'y'].map(bytes);
    const object = decodeHistoryObject(diffBlob(texts, [0, 2, 1, 3]));
    assert.ok(object.kind === 'items');
    assert.deepEqual(
      ['0', '1', '2', '3'].map((key) => Buffer.from(object.items.get(key) ?? []).toString()),
      texts.map(String),
    );
    assert.equal(object.defaultKey, '0');
  });

  it('reads the old form of DiffHistoryBlob with a base text', () => {
    const [base, next] = [bytes('the base'), bytes('the base, changed')];
    const info = Buffer.concat([
      bytes('a:2:{s:4:"base";'),
      php(base),
      bytes('s:5:"diffs";a:1:{i:0;'),
      php(patchFrom(base, next)),
      bytes('}}'),
    ]);
    const blob = Buffer.concat([
      bytes('O:15:"diffhistoryblob":1:{s:11:"mCompressed";'),
      php(deflateRawSync(info)),
      bytes('}'),
    ]);
    const object = decodeHistoryObject(blob);
    assert.ok(object.kind === 'items');
    assert.equal(Buffer.from(object.items.get('0') ?? []).toString(), 'the base');
    assert.equal(Buffer.from(object.items.get('1') ?? []).toString(), 'the base, changed');
  });

  it('reads stubs with public and with protected properties', () => {
    assert.deepEqual(
      decodeHistoryObject(bytes('O:15:"historyblobstub":2:{s:6:"mOldId";s:3:"123";s:5:"mHash";s:2:"ab";}')),
      { kind: 'stub', textId: 123, key: 'ab' },
    );
    assert.deepEqual(
      decodeHistoryObject(
        bytes('O:15:"HistoryBlobStub":2:{s:9:"\0*\0mOldId";i:123;s:8:"\0*\0mHash";s:2:"ab";}'),
      ),
      { kind: 'stub', textId: 123, key: 'ab' },
    );
    assert.deepEqual(decodeHistoryObject(bytes('O:18:"historyblobcurstub":1:{s:6:"mCurId";i:7;}')), {
      kind: 'cur-stub',
      curId: 7,
    });
  });

  it('tells a class without text from damage', () => {
    assert.deepEqual(decodeHistoryObject(bytes('O:8:"stdClass":0:{}')), {
      kind: 'unknown',
      className: 'stdclass',
    });
    const whole = concatenated(['one']);
    for (const damaged of ['', 'b:0;', 'a:0:{}'])
      assert.equal(decodeHistoryObject(bytes(damaged)).kind, 'damaged');
    assert.equal(decodeHistoryObject(whole.subarray(0, whole.length - 5)).kind, 'damaged');
  });
});

describe('applyBinaryPatch', () => {
  it('makes any text of any other', () => {
    const text = fc.uint8Array({ maxLength: 700 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(text, text, (base, target) => {
        assert.deepEqual(applyBinaryPatch(base, patchFrom(base, target), 10_000), target);
      }),
    );
  });

  it('refuses another base, damage, and results that are too large', () => {
    const base = bytes('some base text');
    const patch = patchFrom(base, bytes('some other text'));
    assert.equal(applyBinaryPatch(bytes('some bass text'), patch, 1000), null);
    assert.equal(applyBinaryPatch(base, patch.subarray(0, patch.length - 1), 1000), null);
    assert.equal(applyBinaryPatch(base, Buffer.concat([patch, Buffer.from([9])]), 1000), null);
    assert.equal(applyBinaryPatch(base, patch, 3), null);
  });
});
