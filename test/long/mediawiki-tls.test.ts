// A wiki on a MariaDB that is only to be had over TLS, with a CA of its own.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { sql } from '../support/database.ts';
import { type RunningMariadb, startMariadb } from '../support/mariadb.ts';
import { program, requires } from '../support/requirements.ts';
import { runRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

describe('a wiki behind TLS', { skip: requires('mariadb', 'openssl') }, () => {
  let folder: TemporaryFolder;
  let server: RunningMariadb;

  before(async () => {
    folder = await temporaryFolder('tls');
    await makeCertificates(folder);
    server = await startMariadb(folder.path, {
      'ssl-ca': folder.in('ca.pem'),
      'ssl-cert': folder.in('server.pem'),
      'ssl-key': folder.in('server.key'),
    });
    const { user, password } = server.writer;
    const address = `mysql://${user}:${password}@localhost/tlswiki?socket=${server.socket}`;
    const size = ['--pages', '40', '--revisions', '80', '--mean-bytes', '400'];
    const made = await runRota(['demo', 'wiki', address, ...size, '--siteinfo', folder.in('siteinfo.json')]);
    assert.equal(made.status, 0, made.stderr);
    for (const [name, wants] of [
      ['encrypted', 'SSL'],
      ['certified', 'X509'],
    ]) {
      await sql(
        server,
        'mysql',
        `CREATE USER ${name}@'127.0.0.1' IDENTIFIED BY 'secret' REQUIRE ${wants}; GRANT SELECT ON tlswiki.* TO ${name}@'127.0.0.1'`,
      );
    }
    await writeFile(folder.in('password'), 'secret\n', { mode: 0o600 });
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  const dump = async (date: string, user: string, host: string, wiki: object) => {
    const config = {
      output: { public: './public', private: './private' },
      wikis: {
        tlswiki: { siteinfo: './siteinfo.json', passwordFile: './password', ...wiki },
      },
      jobs: { 'full-dump': { outputs: ['stubs', 'articles', 'tables'], compression: { articles: 'zst' } } },
    };
    const url = `mysql://${user}@${host}:${server.port}/tlswiki`;
    const text = stringify(config).replace('{url}', url);
    await writeFile(folder.in('rota.yaml'), text);
    return await runRota(['dump', 'tlswiki', '--date', date], { cwd: folder.path });
  };
  const keys = { cert: './client.pem', key: './client.key' };

  it('is dumped, tables and all, by an account that must show a certificate', async () => {
    const tls = { ca: './ca.pem', ...keys };
    const done = await dump('20260101', 'certified', 'localhost', { database: '{url}', tls });
    assert.equal(done.status, 0, done.stderr);
    const file = folder.in('public', 'tlswiki', '20260101', 'tlswiki-20260101-page.sql.gz');
    assert.match(gunzipSync(await readFile(file)).toString(), /INSERT INTO `page` VALUES/);
  });

  it('is not read without the certificate, nor without TLS', async () => {
    const without = await dump('20260102', 'certified', 'localhost', {
      database: '{url}',
      tls: { ca: './ca.pem' },
    });
    assert.equal(without.status, 1);
    assert.match(without.stderr, /DATABASE_LOGIN_REFUSED/);
    const plain = await dump('20260103', 'encrypted', 'localhost', { database: '{url}' });
    assert.equal(plain.status, 1);
    assert.match(plain.stderr, /DATABASE_LOGIN_REFUSED/);
  });

  it('is refused when its certificate is by another CA or for another name, unless nobody is to look', async () => {
    for (const [date, host, tls] of [
      ['20260104', 'localhost', { ca: './other-ca.pem' }],
      ['20260105', 'localhost', {}],
      ['20260106', '127.0.0.1', { ca: './ca.pem' }],
    ] as const) {
      const refused = await dump(date, 'encrypted', host, { database: '{url}', tls });
      assert.equal(refused.status, 1, refused.stdout.toString());
      assert.match(refused.stderr, /DATABASE_TLS_REFUSED/);
    }
    const blind = await dump('20260107', 'encrypted', '127.0.0.1', { database: '{url}?tls=no-verify' });
    assert.equal(blind.status, 0, blind.stderr);
  });
});

/** Two CAs, a server's certificate for localhost and a client's by the first. */
async function makeCertificates(folder: TemporaryFolder): Promise<void> {
  const openssl = (...args: readonly string[]) => execa(program('openssl'), args, { cwd: folder.path });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const name of ['ca', 'other-ca']) {
    const subject = ['-subj', `/CN=${name} of a test`, '-days', '2', '-out', `${name}.pem`];
    await openssl('req', '-x509', ...key, '-keyout', `${name}.key`, ...subject);
  }
  await writeFile(folder.in('names'), 'subjectAltName=DNS:localhost\n');
  for (const name of ['server', 'client']) {
    await openssl('req', ...key, '-keyout', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
    await openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
  }
}
