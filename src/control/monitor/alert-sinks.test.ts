import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { systemClock } from '../../core/clock.ts';
import { isRotaError } from '../../core/errors/rota-error.ts';
import type { Alert } from './alert.ts';
import { MailSink, mailCommand, mailMessage } from './mail-sink.ts';
import { WebhookSink } from './webhook-sink.ts';

const alert: Alert = {
  key: 'failed/x/1/0',
  kind: 'failed',
  title: 'full-dump/frwiki/20261122 failed',
  text: 'no room – see `rota run show`',
  at: new Date('2026-11-22T12:00:00Z'),
};
const never = new AbortController().signal;
const mail = { name: 'mail', from: 'rota@example.org', to: ['ops@example.org'] } as const;

async function withServer(
  statuses: number[],
  body: (url: string, bodies: string[]) => Promise<void>,
): Promise<void> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      const status = statuses.shift();
      if (status === undefined) return;
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, bodies);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function hook(url: string): WebhookSink {
  return new WebhookSink({ name: 'hook', url, clock: systemClock, backoffMs: 1, timeoutMs: 200 });
}

test('the webhook gets the alert as JSON, again after a failure that may pass', async () => {
  await withServer([503, 200], async (url, bodies) => {
    await hook(url).send(alert, never);
    assert.equal(bodies.length, 2);
    assert.deepEqual(JSON.parse(bodies[1] ?? ''), { ...alert, at: '2026-11-22T12:00:00.000Z' });
  });
});

test('the webhook gives up: at once when refused, after three tries when it fails or hangs; its URL stays secret', async () => {
  for (const [statuses, tries] of [
    [[403], 1],
    [[500, 500, 500], 3],
    [[], 3],
  ] as const) {
    await withServer([...statuses], async (url, bodies) => {
      await assert.rejects(
        hook(url).send(alert, never),
        (e) => isRotaError(e, 'ALERT_FAILED') && e.retryable && !e.message.includes(url),
      );
      assert.equal(bodies.length, tries);
    });
  }
});

test('a mail goes to the program by argv, its text encoded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rota-mail-'));
  try {
    const file = join(folder, 'mail');
    await new MailSink({ ...mail, program: ['/bin/sh', '-c', 'cat > "$0"; echo "$@" >> "$0"', file] }).send(
      alert,
      never,
    );
    const text = await readFile(file, 'utf8');
    assert.match(text, /^From: rota@example.org\nTo: ops@example.org\nSubject: =\?utf-8\?B\?/);
    assert.match(text, /-f rota@example.org -- ops@example.org\n$/);
    const base64 = text.split('\n\n')[1]?.split('\n-f')[0] ?? '';
    assert.match(Buffer.from(base64, 'base64').toString(), /no room – see/);
    await assert.rejects(
      new MailSink({ ...mail, program: ['/bin/sh', '-c', 'echo no queue >&2; exit 75'] }).send(alert, never),
      (e) => isRotaError(e, 'ALERT_FAILED') && /no queue/.test(e.message),
    );
    await assert.rejects(
      new MailSink({ ...mail, program: ['/nonexistent/mailer'] }).send(alert, never),
      (e) => isRotaError(e, 'ALERT_FAILED'),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('no title or text can add a header, whatever it holds', () => {
  const plain = mailMessage(mail, alert).split('\n\n')[0]?.split('\n') ?? [];
  const names = plain.filter((line) => !line.startsWith(' ')).map((line) => line.split(':')[0]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (evil) => {
      const message = mailMessage(mail, {
        ...alert,
        title: `x\r\nBcc: a@b\n\n${evil}`,
        text: `\n.\n${evil}\r\nBcc: a@b`,
      });
      const header = message.slice(0, message.indexOf('\n\n'));
      const lines = header.split('\n');
      assert.deepEqual(
        lines.filter((line) => !line.startsWith(' ')).map((line) => line.split(':')[0]),
        names,
      );
      assert.ok(lines.every((line) => /^[\x20-\x7e]*$/.test(line) && line.length <= 998));
      assert.match(message.slice(header.length), /^[A-Za-z0-9+/=\n]*$/);
    }),
    { numRuns: 100 },
  );
});

test('an address that could be an option or a second header is refused', () => {
  for (const bad of ['-oQ/tmp', 'a@b\nBcc: c@d', 'a@b, c@d', '', 'a b@c', '<a@b>']) {
    assert.throws(
      () => new MailSink({ ...mail, to: [bad] }),
      (e) => isRotaError(e, 'USAGE'),
    );
  }
  assert.deepEqual(mailCommand(mail), ['sendmail', '-i', '-f', 'rota@example.org', '--', 'ops@example.org']);
});
