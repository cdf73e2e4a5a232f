import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createLineServer } from 'node:net';
import { test } from 'node:test';
import { withMailServer } from '../../../control/testing/mail-server.ts';
import { systemClock } from '../../../core/clock.ts';
import { Notifier } from './notifier.ts';

const route = {
  to: ['ops@example.org'],
  from: 'rota@example.org',
  security: 'none',
  ca: null,
  login: null,
} as const;

test('a webhook gets JSON and a relay one line, whatever is in the text', async () => {
  const got: string[] = [];
  const http = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    got.push(Buffer.concat(parts).toString());
    response.end();
  }).listen(0, '127.0.0.1');
  const relay = createLineServer((socket) => {
    socket.on('data', (chunk) => got.push(chunk.toString()));
    socket.on('end', () => socket.end());
  }).listen(0, '127.0.0.1');
  await Promise.all([once(http, 'listening'), once(relay, 'listening')]);
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  try {
    await using notifier = new Notifier(
      {
        webhook: `http://127.0.0.1:${portOf(http)}/hook`,
        irc: { host: '127.0.0.1', port: portOf(relay) },
        mail: null,
      },
      systemClock,
    );
    notifier.tell('prod serves 1\nQUIT :x', { version: '1' }, null);
  } finally {
    http.close();
    relay.close();
  }
  assert.deepEqual(got.sort(), ['prod serves 1 QUIT :x\n', '{"text":"prod serves 1 QUIT :x","version":"1"}']);
});

test('where nobody listens that is logged, and nothing fails', async () => {
  const warned: object[] = [];
  {
    const server = { host: '127.0.0.1', port: 1 };
    await using notifier = new Notifier(
      { webhook: 'http://127.0.0.1:1/', irc: server, mail: { ...route, server } },
      systemClock,
    );
    notifier.tell('x', {}, { warn: (facts) => void warned.push(facts) });
  }
  assert.equal(warned.length, 3);
});

test('a mail has what is deployed for its subject, in one line, and the run in its text', async () => {
  await withMailServer({}, async (server, mails) => {
    {
      const mail = { ...route, server };
      await using notifier = new Notifier({ webhook: null, irc: null, mail }, systemClock);
      notifier.tell('prod serves 1\nBcc: x@example.org', { run: 'deploy/prod/1', version: null }, null);
    }
    assert.deepEqual(
      mails.map(({ to }) => to),
      [['ops@example.org']],
    );
    assert.match(mails[0]?.message ?? '', /^Subject: \[rota\] prod serves 1 Bcc: x@example\.org\r$/m);
    assert.match(mails[0]?.message ?? '', /^run: deploy\/prod\/1\r$/m);
  });
});
