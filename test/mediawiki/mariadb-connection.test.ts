import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { silentLog } from '../../src/core/log.ts';
import type { MariadbAddress } from '../../src/mediawiki/database/database-address.ts';
import {
  collectRows,
  type DatabaseConnection,
  type OpenDatabaseOptions,
} from '../../src/mediawiki/database/database-connection.ts';
import { LeanSession } from '../../src/mediawiki/database/mariadb/lean-session.ts';
import { logInOurselves } from '../../src/mediawiki/database/mariadb/own-login.ts';
import { openDatabase } from '../../src/mediawiki/database/open-database.ts';
import { replicationLag } from '../../src/mediawiki/database/replication-lag.ts';
import { readPages } from '../../src/mediawiki/metadata/read-pages.ts';
import { detectSchema } from '../../src/mediawiki/schema/detect-schema.ts';
import { openTextSource } from '../../src/mediawiki/text/open-text-source.ts';
import { sql } from '../support/database.ts';
import { type RunningMariadb, startMariadb } from '../support/mariadb.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { createSmallWiki } from './small-wiki.ts';

describe('a connection to MariaDB', { skip: requires('mariadb') }, () => {
  let folder: TemporaryFolder;
  let server: RunningMariadb;
  const reader = (more: Partial<MariadbAddress> = {}): MariadbAddress => ({
    dialect: 'mariadb',
    socket: server.socket,
    user: server.reader.user,
    password: server.reader.password,
    database: 'smallwiki',
    ...more,
  });
  const open = (more: Partial<MariadbAddress> = {}, options: Partial<OpenDatabaseOptions> = {}) =>
    openDatabase(reader(more), { log: silentLog, ...options });

  before(async () => {
    folder = await temporaryFolder('connection');
    server = await startMariadb(folder.path);
    await createSmallWiki(server, 'smallwiki');
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  it('reads the same rows by the lean way, by the public way, and over TCP', async () => {
    await using lean = await open();
    await using usual = await open({}, { publicInterface: true });
    const { socket: _, ...overTcp } = reader();
    await using tcp = await openDatabase(
      { ...overTcp, host: '127.0.0.1', port: server.port },
      { log: silentLog },
    );
    const questions = [
      "SELECT 1, NULL, '', X'00ff', -5",
      'SELECT seq, REPEAT(CHAR(seq), seq * 7) FROM mysql.user RIGHT JOIN seq_1_to_2000 ON 0',
      "SELECT 'before', 1 UNION ALL SELECT REPEAT('x', 16777205), 2 UNION ALL SELECT 'between', 3 UNION ALL " +
        "SELECT REPEAT('y', 40000000), 4 UNION ALL SELECT 'after', 5",
      'SELECT 1 FROM mysql.user WHERE 0',
    ];
    for (const question of questions) {
      const expected = collectRows(await usual.select(question));
      for (const connection of [lean, tcp]) {
        const found = collectRows(await connection.select(question));
        assert.equal(found.length, expected.length);
        for (const [index, row] of found.entries()) {
          for (const [column, cell] of row.entries()) {
            const other = expected[index]?.[column];
            assert.ok(cell === null ? other === null : other != null && cell.equals(other));
          }
        }
      }
    }
  });

  it('logs in without the driver with a password, without one, and where the server asks once more', async () => {
    await sql(
      server,
      'mysql',
      `CREATE USER nobody@localhost; GRANT SELECT ON smallwiki.* TO nobody@localhost;
       INSTALL SONAME 'auth_ed25519';
       CREATE USER edward@localhost IDENTIFIED VIA ed25519 USING PASSWORD('x');
       CREATE USER either@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('x') OR ed25519 USING PASSWORD('y');
       GRANT SELECT ON smallwiki.* TO either@localhost`,
    );
    const ourselves = async (more: Partial<MariadbAddress>) => {
      const loggedIn = await logInOurselves(reader(more), { connectTimeoutMs: 60_000 });
      if (loggedIn === null) return 'left to the driver';
      const session = new LeanSession(loggedIn, { queryTimeoutMs: 60_000 });
      const rows = await session.run('SELECT CURRENT_USER()', {});
      rows.next();
      await session.close();
      return rows.binary(0);
    };
    assert.equal(await ourselves({}), 'reader@localhost');
    assert.equal(await ourselves({ user: 'nobody', password: '' }), 'nobody@localhost');
    assert.equal(await ourselves({ user: 'either', password: 'x' }), 'either@localhost');
    assert.equal(await ourselves({ user: 'edward', password: 'x' }), 'left to the driver');
    await assert.rejects(ourselves({ password: 'wrong' }), { name: 'ServerError', number: 1045 });
    await assert.rejects(ourselves({ user: 'nobody', password: 'some' }), { number: 1045 });
  });

  it('gives up a server that does not greet, and leaves to the driver what it does not understand', async () => {
    const socket = folder.in('strange.sock');
    const ask = async (greeting: Buffer | null) => {
      const strange = createServer((peer) => {
        peer.on('error', () => {}).resume();
        if (greeting !== null) peer.write(greeting);
      });
      await once(strange.listen(socket), 'listening');
      try {
        return await logInOurselves(reader({ socket }), {
          connectTimeoutMs: greeting === null ? 300 : 60_000,
        });
      } finally {
        strange.close();
        await once(strange, 'close');
      }
    };
    await assert.rejects(ask(null), { code: 'ETIMEDOUT' });
    assert.equal(await ask(Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n')), null);
    assert.equal(await ask(Buffer.of(1, 0, 0, 0, 9)), null);
    assert.equal(await ask(Buffer.alloc(20_000, 0xff)), null);
    await assert.rejects(ask(Buffer.from('\x17\0\0\0\xff\x10\x04Too many connections', 'latin1')), {
      number: 1040,
    });
  });

  it('keeps rows that are handed on, whatever is read after them', async () => {
    await using connection = await open();
    const first = await connection.select("SELECT REPEAT('a', 300000)", [], { ownBuffer: true });
    first.next();
    const kept = first.bytes(0);
    await connection.select("SELECT REPEAT('b', 500000)");
    assert.ok(kept?.every((byte) => byte === 0x61));
  });

  it('goes on after an error, also one in the middle of the rows', async () => {
    await using connection = await open();
    const failing = 'SELECT seq FROM seq_1_to_200000 UNION ALL SELECT (SELECT seq FROM seq_1_to_2)';
    await assert.rejects(connection.select(failing), { code: 'QUERY_FAILED' });
    assert.equal((await connection.query('SELECT 7'))[0]?.[0]?.toString(), '7');
  });

  it('says what is wrong with an address or an account', async () => {
    await sql(
      server,
      'mysql',
      "CREATE USER poor@localhost IDENTIFIED BY 'x'; GRANT SELECT ON smallwiki.page TO poor@localhost; CREATE DATABASE other",
    );
    await assert.rejects(open({ password: 'wrong' }), { code: 'DATABASE_LOGIN_REFUSED' });
    await assert.rejects(open({ database: 'nothing' }), { code: 'DATABASE_MISSING' });
    await assert.rejects(open({ user: 'poor', password: 'x', database: 'other' }), {
      code: 'DATABASE_MISSING',
    });
    await assert.rejects(open({ socket: folder.in('nothing.sock') }), { code: 'DATABASE_UNREACHABLE' });
    await using other = await open({ database: 'other' });
    await assert.rejects(detectSchema(other), { code: 'NOT_A_WIKI' });
    await using poor = await open({ user: 'poor', password: 'x' });
    await assert.rejects(detectSchema(poor), {
      code: 'TABLE_NOT_GRANTED',
      message: /GRANT SELECT ON `smallwiki`.`revision`/,
    });
    await using whole = await open();
    await assert.rejects(whole.query('SELECT 1 FROM nonesuch'), {
      code: 'TABLE_MISSING',
      message: /"nonesuch"/,
    });
    assert.equal(await replicationLag(whole), 'unknown');
  });

  it('reads one state in a snapshot, with an account that may only read', async () => {
    await using connection = await open();
    const schema = await detectSchema(connection);
    assert.equal((await connection.beginSnapshot()).kind, 'transaction');
    await sql(server, 'smallwiki', 'UPDATE page SET page_title = "Changed"');
    assert.deepEqual(await titles(connection, schema), ['First', 'Second']);
    await using later = await open();
    assert.deepEqual(await titles(later, schema), ['Changed', 'Changed']);
    await using texts = await openTextSource({ database: reader(), externalStores: {}, log: silentLog });
    const [text] = await texts.fetch([
      { revisionId: 1, role: 'main', address: 'tt:1', sizeBytes: 5, sha1: '' },
    ]);
    assert.ok(text?.kind === 'text' && Buffer.from(text.bytes).toString() === 'one ü');
  });

  it('connects again when the connection is killed, but not within a snapshot', async () => {
    await using connection = await open();
    await killConnections(connection);
    assert.equal((await connection.query('SELECT 1')).length, 1);
    await connection.beginSnapshot();
    await killConnections(connection);
    await assert.rejects(connection.query('SELECT 1'), { code: 'SNAPSHOT_LOST' });
    assert.equal((await connection.beginSnapshot()).kind, 'transaction');
  });

  it('waits for a server that goes away and comes back, and gives up when it does not', async () => {
    await using connection = await open();
    await using hasty = await open({}, { retryForMs: 300 });
    await server.kill();
    const answer = connection.query('SELECT 42');
    await assert.rejects(hasty.query('SELECT 1'), { code: 'DATABASE_UNREACHABLE' });
    await server.start();
    assert.equal((await answer)[0]?.[0]?.toString(), '42');
  });

  it('stops in the middle of a query when it is asked to', async () => {
    await using connection = await open();
    const controller = new AbortController();
    const reason = new Error('enough');
    const answer = connection.query('SELECT SLEEP(60)', [], { signal: controller.signal });
    controller.abort(reason);
    await assert.rejects(answer, reason);
  });

  async function killConnections(connection: DatabaseConnection): Promise<void> {
    const [[id] = []] = await connection.query('SELECT CONNECTION_ID()');
    await sql(server, 'mysql', `KILL ${id?.toString()}`);
  }
});

async function titles(
  connection: DatabaseConnection,
  schema: Awaited<ReturnType<typeof detectSchema>>,
): Promise<string[]> {
  const found: string[] = [];
  for await (const chunk of readPages(connection, schema))
    found.push(...chunk.parts.map((part) => part.page.title));
  return found;
}
