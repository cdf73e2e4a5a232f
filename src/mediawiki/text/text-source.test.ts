import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { silentLog } from '../../core/log.ts';
import { SqliteWiki } from '../testing/sqlite-wiki.ts';
import { TemporaryFolder } from '../testing/temporary-folder.ts';
import { inflateRawOrNull } from './inflate.ts';
import { openTextSource } from './open-text-source.ts';
import type { TextOutcome, TextSourceOptions } from './text-source.ts';

interface Fixture {
  readonly wiki: SqliteWiki;
  /** Adds a blob to the external cluster "c1". */
  blob(id: number, bytes: Uint8Array | string): void;
}

async function fetchAll(
  fill: (fixture: Fixture) => void,
  wanted: readonly (readonly [revisionId: number, address: string])[],
  options: Partial<TextSourceOptions> = {},
): Promise<string[]> {
  using folder = new TemporaryFolder();
  using wiki = new SqliteWiki(folder.file('wiki.sqlite'), '1.39');
  using external = new SqliteWiki(folder.file('external.sqlite'), '1.39');
  external.run('CREATE TABLE blobs (blob_id INTEGER PRIMARY KEY, blob_text BLOB)');
  fill({ wiki, blob: (id, bytes) => external.insert('blobs', { blob_id: id, blob_text: bytes }) });
  await using source = await openTextSource({
    database: { dialect: 'sqlite', file: folder.file('wiki.sqlite') },
    externalStores: { c1: { dialect: 'sqlite', file: folder.file('external.sqlite') } },
    log: silentLog,
    ...options,
  });
  const requests = wanted.map(([revisionId, address]) => ({
    revisionId,
    role: 'main',
    address,
    sizeBytes: 10,
    sha1: '',
  }));
  return (await source.fetch(requests)).map(inWords);
}

function inWords(outcome: TextOutcome): string {
  if (outcome.kind === 'failed') return `failed ${outcome.code}`;
  const bytes = outcome.kind === 'text' ? outcome.bytes : inflateRawOrNull(outcome.bytes);
  return `${outcome.kind} ${bytes === null ? 'broken' : Buffer.from(bytes).toString()}`;
}

const row = (wiki: SqliteWiki, id: number, text: Uint8Array | string, flags: string) =>
  wiki.insert('text', { old_id: id, old_text: text, old_flags: flags });
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const php = (text: string | Buffer) =>
  `s:${text.length}:"${Buffer.from(text as string).toString('latin1')}";`;

function concatenated(texts: readonly string[]): Buffer {
  const items = `a:${texts.length}:{${texts.map((text) => php(md5(text)) + php(text)).join('')}}`;
  const packed = deflateRawSync(Buffer.from(items, 'latin1'));
  const object = `O:27:"ConcatenatedGzipHistoryBlob":4:{s:8:"mVersion";i:0;s:11:"mCompressed";b:1;s:6:"mItems";${php(packed)}s:12:"mDefaultHash";${php(md5(texts[0] ?? ''))}}`;
  return Buffer.from(object, 'latin1');
}

describe('openTextSource', () => {
  it('reads plain and compressed rows, in the order of the requests, the same row twice', async () => {
    const found = await fetchAll(
      ({ wiki }) => {
        row(wiki, 1, 'plain', 'utf-8');
        row(wiki, 2, deflateRawSync('packed'), 'utf-8,gzip');
        row(wiki, 3, '', 'utf-8');
        row(wiki, 4, 'no flags', '');
      },
      [
        [1, 'tt:2'],
        [2, 'tt:1'],
        [3, 'tt:2'],
        [4, 'tt:3'],
        [5, 'tt:4'],
      ],
    );
    assert.deepEqual(found, ['deflated packed', 'text plain', 'deflated packed', 'text ', 'text no flags']);
  });

  it('decodes the legacy encoding, only where the flag utf-8 is missing', async () => {
    const found = await fetchAll(
      ({ wiki }) => {
        row(wiki, 1, Buffer.from([0xe4, 0x80]), '');
        row(wiki, 2, deflateRawSync(Buffer.from([0xe4])), 'gzip');
        row(wiki, 3, 'ü', 'utf-8');
        row(wiki, 4, deflateRawSync('ü'), 'gzip,utf8');
      },
      [
        [1, 'tt:1'],
        [2, 'tt:2'],
        [3, 'tt:3'],
        [4, 'tt:4'],
      ],
      { legacyEncoding: 'windows-1252' },
    );
    assert.deepEqual(found, ['text ä€', 'text ä', 'text ü', 'deflated ü']);
  });

  it('reads objects and stubs, also of compressed and external rows', async () => {
    const object = concatenated(['first', 'second']);
    const stub = (id: number, text: string) =>
      `O:15:"historyblobstub":2:{s:6:"mOldId";s:1:"${id}";s:5:"mHash";${php(md5(text))}}`;
    const found = await fetchAll(
      ({ wiki, blob }) => {
        row(wiki, 1, object, 'object,utf-8');
        row(wiki, 2, stub(1, 'second'), 'object,utf-8');
        row(wiki, 3, deflateRawSync(object), 'object,gzip,utf-8');
        row(wiki, 4, stub(3, 'second'), 'object,utf-8');
        row(wiki, 5, stub(1, 'not in it'), 'object,utf-8');
        row(wiki, 6, stub(9, 'second'), 'object,utf-8');
        blob(1, object);
        row(wiki, 7, 'DB://c1/1', 'object,external,utf-8');
        row(wiki, 8, stub(7, 'second'), 'object,utf-8');
      },
      [2, 1, 3, 4, 5, 6, 7, 8].map((id) => [id, `tt:${id}`] as const),
    );
    assert.deepEqual(found, [
      'text second',
      'text first',
      'text first',
      'text second',
      'failed item-missing',
      'failed item-missing',
      'text first',
      'text second',
    ]);
  });

  it('reads external blobs, their items, and es: addresses', async () => {
    const found = await fetchAll(
      ({ wiki, blob }) => {
        blob(1, 'external');
        blob(2, deflateRawSync('packed'));
        blob(3, concatenated(['one', 'two']));
        row(wiki, 1, 'DB://c1/1', 'external,utf-8');
        row(wiki, 2, 'DB://c1/2', 'external,gzip,utf-8');
        row(wiki, 3, `DB://c1/3/${md5('two')}`, 'external,utf-8');
      },
      [
        [1, 'tt:1'],
        [2, 'tt:2'],
        [3, 'tt:3'],
        [4, 'es:DB://c1/2?flags=utf-8,gzip'],
        [5, `es:DB://c1/3/${md5('one')}?flags=utf-8`],
      ],
    );
    assert.deepEqual(found, ['text external', 'deflated packed', 'text two', 'deflated packed', 'text one']);
  });

  it('says why a text cannot be had', async () => {
    const found = await fetchAll(
      ({ wiki, blob }) => {
        blob(1, 'no object');
        blob(2, concatenated(['one']));
        row(wiki, 1, 'x', 'utf-8,error');
        row(wiki, 2, 'no object', 'object,utf-8');
        row(wiki, 3, 'O:8:"stdClass":0:{}', 'object,utf-8');
        row(wiki, 4, 'DB://c1/77', 'external,utf-8');
        row(wiki, 5, 'DB://other/1', 'external,utf-8');
        row(wiki, 6, 'nowhere', 'external,utf-8');
        row(wiki, 7, 'DB://c1/2/zzz', 'external,utf-8');
        row(wiki, 8, 'DB://c1/1/zzz', 'external,utf-8');
        row(wiki, 9, 'O:18:"historyblobcurstub":1:{s:6:"mCurId";i:7;}', 'object,utf-8');
        row(wiki, 10, '', 'utf-8,gzip');
      },
      [
        [1, 'tt:99'],
        [2, 'tt:0'],
        [3, 'bad:tt%3A5'],
        ...Array.from({ length: 10 }, (_, index) => [index + 4, `tt:${index + 1}`] as const),
      ],
    );
    assert.deepEqual(
      found.map((words) => words.replace('failed ', '')),
      [
        'row-missing',
        'address-invalid',
        'known-bad',
        'marked-error',
        'object-invalid',
        'object-unknown',
        'row-missing',
        'cluster-unknown',
        'address-invalid',
        'item-missing',
        'object-invalid',
        'cur-missing',
        'gzip-invalid',
      ],
    );
  });

  it('finds a text that has moved since its address was read', async () => {
    const found = await fetchAll(
      ({ wiki }) => {
        wiki.addRevision({ id: 5, page: 1, text: 'moved' });
        wiki.run('UPDATE text SET old_id = 50');
        wiki.run("UPDATE content SET content_address = 'tt:50'");
      },
      [
        [5, 'tt:5'],
        [6, 'tt:6'],
      ],
    );
    assert.deepEqual(found, ['text moved', 'failed row-missing']);
  });

  it('reads more rows than one question asks for', async () => {
    const found = await fetchAll(
      ({ wiki }) => {
        for (let id = 1; id <= 1300; id++) row(wiki, id, `text ${id}`, 'utf-8');
      },
      Array.from({ length: 1300 }, (_, index) => [index + 1, `tt:${1300 - index}`] as const),
    );
    assert.ok(found.every((words, index) => words === `text text ${1300 - index}`));
  });
});
