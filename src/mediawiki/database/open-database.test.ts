import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { silentLog } from '../../core/log.ts';
import { detectSchema } from '../schema/detect-schema.ts';
import { SqliteWiki } from '../testing/sqlite-wiki.ts';
import { TemporaryFolder } from '../testing/temporary-folder.ts';
import { describeAddress, parseDatabaseUrl } from './database-address.ts';
import { bindLiterals } from './mariadb/literals.ts';
import { openDatabase } from './open-database.ts';

describe('parseDatabaseUrl', () => {
  it('reads MariaDB and SQLite addresses', () => {
    assert.deepEqual(parseDatabaseUrl('mysql://me:p%40ss@db.example:3307/w?prefix=mw_&tls=verify'), {
      dialect: 'mariadb',
      user: 'me',
      password: 'p@ss',
      host: 'db.example',
      port: 3307,
      database: 'w',
      tls: { verify: true },
      tablePrefix: 'mw_',
    });
    assert.deepEqual(parseDatabaseUrl('mariadb://me@localhost/w?socket=/run/x.sock', { password: 's' }), {
      dialect: 'mariadb',
      user: 'me',
      password: 's',
      host: 'localhost',
      socket: '/run/x.sock',
      database: 'w',
    });
    for (const url of ['sqlite:/a/b.sqlite', 'sqlite:///a/b.sqlite'])
      assert.deepEqual(parseDatabaseUrl(url), { dialect: 'sqlite', file: '/a/b.sqlite' });
    assert.deepEqual(parseDatabaseUrl('sqlite:./b.sqlite?prefix=x'), {
      dialect: 'sqlite',
      file: './b.sqlite',
      tablePrefix: 'x',
    });
  });

  const faults: [string, RegExp][] = [
    ['postgres://me@host/w', /PostgreSQL/],
    ['http://host/w', /must begin/],
    ['mysql://host/w', /names no user/],
    ['mysql://me@host/', /names no database/],
    ['mysql://me@host/w?sokcet=x', /unknown setting "sokcet"/],
    ['mysql://me@host/w?tls=maybe', /tls=maybe/],
    ['mysql://me@host/w?prefix=a`b', /prefix/],
    ['sqlite:', /names no file/],
  ];
  for (const [url, message] of faults)
    it(`refuses ${url}`, () =>
      assert.throws(() => parseDatabaseUrl(url), { code: 'DATABASE_ADDRESS_INVALID', message }));

  it('never shows the password', () => {
    const text = describeAddress(parseDatabaseUrl('mysql://me:secret@host/w'));
    assert.equal(text, 'mysql://me@host:3306/w');
  });
});

describe('bindLiterals', () => {
  it('needs no escaping', () => {
    assert.equal(
      bindLiterals('a = ? AND b IN (?) AND c = ? AND d IN (?)', [1, [2, 3], "x'\\", ['a', '']]),
      "a = 1 AND b IN (2,3) AND c = X'78275c' AND d IN (X'61','')",
    );
  });
  it('refuses a wrong number of parameters, empty lists and inexact numbers', () => {
    assert.throws(() => bindLiterals('?', []), RangeError);
    assert.throws(() => bindLiterals('?', [1, 2]), RangeError);
    assert.throws(() => bindLiterals('?', [[]]), RangeError);
    assert.throws(() => bindLiterals('?', [2 ** 53]), RangeError);
    assert.throws(() => bindLiterals('?', [0.5]), RangeError);
  });
});

describe('SQLite', () => {
  const open = (file: string, more: object = {}) =>
    openDatabase({ dialect: 'sqlite', file }, { log: silentLog, ...more });

  it('keeps a snapshot while the wiki is written, and removes it', async () => {
    using folder = new TemporaryFolder();
    using wiki = new SqliteWiki(folder.file('wiki.sqlite'), '1.39');
    wiki.addPage(1, 'A', 1);
    const connection = await open(folder.file('wiki.sqlite'), { scratchFolder: folder.path });
    const snapshot = await connection.beginSnapshot();
    assert.equal(snapshot.kind, 'copy');
    wiki.addPage(2, 'B', 2);
    assert.equal((await connection.query('SELECT page_id FROM page')).length, 1);
    assert.equal(readdirSync(folder.path).filter((name) => name.startsWith('rota-snapshot-')).length, 1);
    await connection.close();
    assert.deepEqual(readdirSync(folder.path), ['wiki.sqlite']);
  });

  it('says that the file is missing, is no database, or is no wiki', async () => {
    using folder = new TemporaryFolder();
    await assert.rejects(open(folder.file('nothing')), { code: 'DATABASE_MISSING' });
    assert.equal(existsSync(folder.file('nothing')), false);
    writeFileSync(folder.file('text'), 'this is no database at all '.repeat(100));
    await assert.rejects(open(folder.file('text')), { code: 'NOT_A_WIKI' });
    writeFileSync(folder.file('empty'), '');
    await using connection = await open(folder.file('empty'));
    await assert.rejects(detectSchema(connection), { code: 'NOT_A_WIKI', message: /no tables/ });
  });

  it('names the missing table, the missing column, and the prefix that was forgotten', async () => {
    using folder = new TemporaryFolder();
    const file = folder.file('wiki.sqlite');
    using wiki = new SqliteWiki(file, '1.39', 'mw_');
    const detect = async (tablePrefix = '') => {
      await using connection = await openDatabase(
        { dialect: 'sqlite', file, tablePrefix },
        { log: silentLog },
      );
      return await detectSchema(connection);
    };
    await assert.rejects(detect(), { code: 'NOT_A_WIKI', message: /prefix "mw_"/ });
    assert.deepEqual(await detect('mw_'), {
      generation: '1.39',
      tablePrefix: 'mw_',
      hasCommentTemp: true,
      hasActorTemp: false,
    });
    wiki.run('ALTER TABLE mw_content RENAME COLUMN content_address TO elsewhere');
    await assert.rejects(detect('mw_'), { code: 'SCHEMA_UNSUPPORTED', message: /content_address/ });
    wiki.run('DROP TABLE mw_content');
    await assert.rejects(detect('mw_'), { code: 'TABLE_MISSING', message: /"mw_content"/ });
    wiki.run('DROP TABLE mw_slots');
    await assert.rejects(detect('mw_'), {
      code: 'SCHEMA_UNSUPPORTED',
      message: /older than MediaWiki 1\.35/,
    });
  });

  it('refuses to write', async () => {
    using folder = new TemporaryFolder();
    using _wiki = new SqliteWiki(folder.file('wiki.sqlite'), '1.39');
    await using connection = await open(folder.file('wiki.sqlite'));
    await assert.rejects(connection.query('DELETE FROM page'), { code: 'QUERY_FAILED' });
  });

  it('stops at once when it is asked to', async () => {
    using folder = new TemporaryFolder();
    using _wiki = new SqliteWiki(folder.file('wiki.sqlite'), '1.39');
    await using connection = await open(folder.file('wiki.sqlite'));
    const reason = new Error('stop');
    await assert.rejects(connection.query('SELECT 1', [], { signal: AbortSignal.abort(reason) }), reason);
  });
});
