import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SMTPServerOptions } from 'smtp-server';
import { type TakenMail, withMailServer } from '../../control/testing/mail-server.ts';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { Secret } from '../../core/secret.ts';
import { type MailOptions, MailSink } from './mail-sink.ts';

const alert = {
  key: 'failed/x',
  kind: 'failed',
  title: 'a run – failed',
  text: '.hidden\n.\nSee rota why',
  at: new Date('2026-11-22T12:00:00Z'),
} as const;
const never = new AbortController().signal;

async function withMailSink(
  options: SMTPServerOptions,
  use: (to: (more?: Partial<MailOptions>) => MailSink, mails: readonly TakenMail[]) => Promise<void>,
): Promise<void> {
  await withMailServer(options, ({ port }, mails) => use((more = {}) => sinkTo(port, more), mails));
}

function sinkTo(port: number, more: Partial<MailOptions> = {}): MailSink {
  return new MailSink({
    name: 'mail',
    server: { host: '127.0.0.1', port },
    from: 'rota@example.org',
    to: ['a@example.org', 'b@example.org'],
    security: 'none',
    ca: null,
    login: null,
    ...more,
  });
}

function bodyOf(message: string): string {
  const [head = '', ...rest] = message.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
  return body.replaceAll('\r\n', '\n');
}

test('an alert reaches every receiver, with its text', async () => {
  await withMailSink({ authOptional: true }, async (to, mails) => {
    await to().send(alert, never);
    assert.deepEqual(mails[0]?.to, ['a@example.org', 'b@example.org']);
    assert.match(bodyOf(mails[0]?.message ?? ''), /^\.hidden\n\.\nSee rota why\n\n2026-11-22T12:00:00\.000Z/);
    assert.match(mails[0]?.message ?? '', /^Subject: =\?UTF-8\?/m);
    assert.match(mails[0]?.message ?? '', /^Auto-Submitted: auto-generated/m);
  });
});

test('login is by user and password; a wrong one is ALERT_FAILED, and no message tells it', async () => {
  await withMailSink(
    {
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, callback) =>
        username === 'rota' && password === 'right'
          ? callback(null, { user: username })
          : callback(new Error('who is that')),
    },
    async (to, mails) => {
      await to({ login: { user: 'rota', password: new Secret('right') } }).send(alert, never);
      assert.equal(mails[0]?.user, 'rota');
      await assert.rejects(
        to({ login: { user: 'rota', password: new Secret('wrong-one') } }).send(alert, never),
        (error) =>
          isRotaError(error, 'ALERT_FAILED') &&
          /who is that/.test(error.message) &&
          !error.message.includes('wrong-one'),
      );
    },
  );
});

test('what the mail server refuses is ALERT_FAILED with its words', async () => {
  await withMailSink(
    {
      authOptional: true,
      onRcptTo: (_address, _session, callback) => callback(new Error('no such person')),
    },
    async (to) => {
      await assert.rejects(
        to().send(alert, never),
        (error) => isRotaError(error, 'ALERT_FAILED') && /no such person/.test(error.message),
      );
    },
  );
});

test('without TLS nothing is sent where it is asked for', async () => {
  await withMailSink({ authOptional: true }, async (to, mails) => {
    await assert.rejects(to({ security: 'starttls' }).send(alert, never), (error) =>
      isRotaError(error, 'ALERT_FAILED'),
    );
    assert.equal(mails.length, 0);
  });
});

test('a server that says nothing is given up', async () => {
  const silent = createServer((socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  try {
    await assert.rejects(sinkTo(port, { timeoutMs: 200 }).send(alert, never), (error) =>
      isRotaError(error, 'ALERT_FAILED'),
    );
  } finally {
    silent.close();
  }
});

test('no title or text can add a header, whatever it holds', async () => {
  await withMailSink({ authOptional: true }, async (to, mails) => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), async (evil) => {
        await to().send(
          { ...alert, title: `x\r\nBcc: a@b\n\n${evil}`, text: `\r\n.\r\n${evil}\r\nBcc: a@b` },
          never,
        );
        const head = mails.at(-1)?.message.split('\r\n\r\n')[0] ?? '';
        assert.ok(!/^bcc/im.test(head), head);
        assert.deepEqual(mails.at(-1)?.to, ['a@example.org', 'b@example.org']);
      }),
      { numRuns: 15 },
    );
  });
});

test('an address that could be two, or a header, is refused', () => {
  for (const bad of ['a@b\nBcc: c@d', 'a@b, c@d', '', 'a b@c', '<a@b>', 'c@d>\r\nDATA']) {
    assert.throws(
      () => sinkTo(25, { to: [bad] }),
      (error) => isRotaError(error, 'USAGE'),
    );
  }
});
