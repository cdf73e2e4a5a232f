import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { ArrayRows } from '../database/array-rows.ts';
import { legacyDecoder } from './legacy-encoding.ts';
import { emptySha1Base36, sha1Base36 } from './sha1.ts';
import { questions } from './stored-row.ts';
import { parseExternalUrl, parseTextAddress } from './text-address.ts';
import { FlagsCache, parseTextFlags } from './text-flags.ts';

describe('parseTextAddress', () => {
  const cases: [string, ReturnType<typeof parseTextAddress>][] = [
    ['tt:123', { kind: 'text-row', id: 123 }],
    ['TT:123', { kind: 'text-row', id: 123 }],
    ['tt:0', { kind: 'invalid' }],
    ['tt:012', { kind: 'invalid' }],
    ['tt:1x', { kind: 'invalid' }],
    ['', { kind: 'invalid' }],
    ['123', { kind: 'invalid' }],
    ['bad:tt%3A45?reason=x', { kind: 'known-bad' }],
    [
      'es:DB://cluster1/12?flags=utf-8,gzip',
      { kind: 'external', place: { cluster: 'cluster1', id: 12, item: null }, flags: 'utf-8,gzip' },
    ],
    [
      'es:DB://cluster1/12/3?flags=utf-8',
      { kind: 'external', place: { cluster: 'cluster1', id: 12, item: '3' }, flags: 'utf-8' },
    ],
    ['es:HTTP://x/1', { kind: 'invalid' }],
    ['zz:1', { kind: 'invalid' }],
  ];
  for (const [address, expected] of cases)
    it(`reads ${address || 'nothing'}`, () => assert.deepEqual(parseTextAddress(address), expected));

  it('reads the URL in an external row', () => {
    assert.deepEqual(parseExternalUrl('DB://c/5/abc'), { cluster: 'c', id: 5, item: 'abc' });
    for (const wrong of ['DB://c', 'DB://c/0', 'DB://c/x', 'DB:///5', 'x', 'DB://c/1/2/3'])
      assert.equal(parseExternalUrl(wrong), null, wrong);
  });
});

describe('parseTextFlags', () => {
  it('knows the flags, and the misspelt one', () => {
    assert.deepEqual(parseTextFlags('utf-8,gzip,nonsense'), {
      isUtf8: true,
      isGzip: true,
      isExternal: false,
      isObject: false,
      isError: false,
    });
    assert.equal(parseTextFlags('utf8').isUtf8, true);
    assert.equal(parseTextFlags('').isUtf8, false);
    assert.equal(parseTextFlags('object,external,error').isObject, true);
  });
});

describe('flags of rows', () => {
  it('are those of each row, whatever the row before had', () => {
    const column = ['utf-8,gzip', 'utf-8,gzip', 'utf-8,gzix', 'utf-8', null, '', 'error', 'utf-8,gzip'];
    const rows = new ArrayRows(
      ['old_flags'],
      column.map((flags) => [flags]),
    );
    const cache = new FlagsCache();
    for (const flags of column) {
      rows.next();
      assert.deepEqual(cache.ofColumn(rows, 0), parseTextFlags(flags ?? ''), String(flags));
    }
  });
});

describe('legacyDecoder', () => {
  it('tells windows-1252 from ISO 8859-1, and leaves out what stands for nothing', () => {
    const bytes = Buffer.from([0x61, 0x80, 0x81, 0xe4]);
    assert.equal(legacyDecoder('windows-1252')(bytes).toString(), 'a€ä');
    assert.equal(legacyDecoder('CP1252//TRANSLIT')(bytes).toString(), 'a€ä');
    assert.equal(legacyDecoder('ISO-8859-1')(bytes).toString(), 'a\u0080\u0081ä');
  });

  it('reads encodings of several bytes', () => {
    assert.equal(legacyDecoder('EUC-JP')(Buffer.from([0xa4, 0xa2])).toString(), 'あ');
    assert.equal(legacyDecoder('KOI8-R')(Buffer.from([0xc1])).toString(), 'а');
  });

  it('refuses an unknown one', () => {
    assert.throws(() => legacyDecoder('klingon'), { code: 'SCHEMA_UNSUPPORTED' });
  });
});

describe('sha1Base36', () => {
  it('has 31 characters, whatever the bytes', () => {
    assert.equal(sha1Base36(''), emptySha1Base36);
    for (let index = 0; index < 300; index++) assert.equal(sha1Base36(`text ${index}`).length, 31);
    // From a real dump: the first revision that MediaWiki 1.39's tests write.
    assert.equal(
      sha1Base36(Buffer.from('abc')),
      BigInt('0xa9993e364706816aba3e25717850c26c9cd0d89d').toString(36).padStart(31, '0'),
    );
  });
});

describe('questions', () => {
  it('are bounded by number and by bytes', () => {
    const many = Array.from({ length: 1201 }, (_, index) => ({ id: index + 1, sizeBytes: 10 }));
    assert.deepEqual(
      [...questions(many)].map((one) => one.ids.length),
      [500, 500, 201],
    );
    const large = Array.from({ length: 5 }, (_, index) => ({ id: index + 1, sizeBytes: 20 * 1024 * 1024 }));
    assert.deepEqual(
      [...questions(large)].map((one) => one.ids.length),
      [2, 2, 1],
    );
    assert.deepEqual([...questions([])], []);
  });
});

describe('inflate', async () => {
  const { inflateRawInto, inflateRawIntoPublic, inflateBroken, inflateNeedsRoom } = await import(
    './inflate.ts'
  );
  const text = Buffer.from('many words, many words, many more words '.repeat(500));
  const deflated = deflateRawSync(text);
  for (const [name, inflate] of Object.entries({ inflateRawInto, inflateRawIntoPublic })) {
    it(`${name} writes where it is told and nowhere else`, () => {
      const target = Buffer.alloc(text.length + 20, 0xee);
      assert.equal(inflate(deflated, target.subarray(0, text.length + 10), 10), text.length);
      assert.ok(target.subarray(10, 10 + text.length).equals(text));
      assert.ok(target.subarray(0, 10).every((byte) => byte === 0xee));
      assert.ok(target.subarray(10 + text.length).every((byte) => byte === 0xee));
      assert.equal(inflate(deflateRawSync(''), target, 0), 0);
    });
    it(`${name} says when the room is too small`, () => {
      assert.equal(inflate(deflated, Buffer.alloc(text.length - 1), 0), inflateNeedsRoom);
      assert.equal(inflate(deflated, Buffer.alloc(text.length), 1), inflateNeedsRoom);
      assert.equal(inflate(deflated, Buffer.alloc(text.length), 0), text.length);
    });
    it(`${name} writes in the room that it is given and nowhere else`, () => {
      const target = Buffer.alloc(text.length + 700, 0xee);
      const isUntouched = (from: number) => target.subarray(from).every((byte) => byte === 0xee);
      assert.equal(inflate(deflated, target, 10, text.length - 1), inflateNeedsRoom);
      assert.ok(isUntouched(10 + text.length - 1));
      assert.equal(inflate(deflated, target, 10, text.length), text.length);
      assert.ok(isUntouched(10 + text.length));
      assert.equal(inflate(deflated, target, 10, text.length + 512), text.length);
      assert.ok(target.subarray(10, 10 + text.length).equals(text));
      assert.ok(isUntouched(10 + text.length + 512));
    });
    it(`${name} says when the data is damaged, and goes on working`, () => {
      const target = Buffer.alloc(text.length + 100);
      assert.equal(inflate(deflated.subarray(0, deflated.length - 4), target, 0), inflateBroken);
      assert.equal(inflate(Buffer.from('not deflate at all, by no means'), target, 0), inflateBroken);
      assert.equal(inflate(new Uint8Array(0), target, 0), inflateBroken);
      assert.equal(inflate(deflated, target, 0), text.length);
      assert.ok(target.subarray(0, text.length).equals(text));
    });
  }
});
