// Alerts by mail as rota.yaml describes it, to a mail server that wants TLS and a login.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { stringify } from 'yaml';
import { loadConfig } from '../../src/config/load-config.ts';
import { systemClock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { alertSinks } from '../../src/operations/monitor/alert-sinks.ts';
import { makeCertificates } from '../support/certificates.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const alert = {
  key: 'failed/full-dump/frwiki/20261122',
  kind: 'failed',
  title: 'full-dump/frwiki/20261122 failed',
  text: 'See rota why.',
  at: new Date('2026-11-22T12:00:00Z'),
} as const;

describe('a mail server with TLS and login', { skip: requires('openssl') }, () => {
  let folder: TemporaryFolder;
  const servers = new Map<'starttls' | 'tls', SMTPServer>();
  const taken: { readonly user: string | undefined; readonly secure: boolean }[] = [];

  before(async () => {
    folder = await temporaryFolder('mail');
    const { cert, key } = await makeCertificates(folder.path);
    await writeFile(folder.in('password'), 'right\n', { mode: 0o600 });
    const files = { cert: await readFile(cert), key: await readFile(key) };
    for (const security of ['starttls', 'tls'] as const) {
      const server = new SMTPServer({
        ...files,
        secure: security === 'tls',
        onAuth: ({ username, password }, _session, callback) =>
          password === 'right' ? callback(null, { user: username }) : callback(new Error('wrong password')),
        onData(stream, session, callback) {
          stream.resume();
          stream.on('end', () => {
            taken.push({ user: session.user, secure: session.secure });
            callback();
          });
        },
      });
      // A client that does not trust the certificate hangs up.
      server.on('error', () => {});
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      servers.set(security, server);
    }
  });

  after(async () => {
    for (const server of servers.values())
      await new Promise<void>((resolve) => server.close(() => resolve()));
    await folder[Symbol.asyncDispose]();
  });

  const send = async (security: 'starttls' | 'tls', more: object): Promise<void> => {
    const server = servers.get(security);
    assert.ok(server);
    const { port } = server.server.address() as AddressInfo;
    const mail = {
      ...{ to: ['ops@example.org'], from: 'rota@example.org', server: `127.0.0.1:${port}`, security },
      ...more,
    };
    const output = { public: './public', private: './private' };
    await writeFile(folder.in('rota.yaml'), stringify({ output, wikis: {}, alerts: { mail } }));
    const { config } = await loadConfig('rota.yaml', { env: {}, cwd: folder.path });
    for (const sink of alertSinks(config.alerts, systemClock)) {
      await sink.send(alert, new AbortController().signal);
    }
  };

  for (const security of ['starttls', 'tls'] as const) {
    it(`takes an alert over ${security}`, async () => {
      taken.length = 0;
      await send(security, { ca: './ca.pem', user: 'rota', passwordFile: './password' });
      assert.deepEqual(taken, [{ user: 'rota', secure: true }]);
    });

    it(`gets neither alert nor password over ${security} when nobody vouches for it`, async () => {
      taken.length = 0;
      await assert.rejects(
        send(security, { user: 'rota', passwordFile: './password' }),
        (error) => isRotaError(error, 'ALERT_FAILED') && /certificate/.test(error.message),
      );
      assert.deepEqual(taken, []);
    });
  }
});
