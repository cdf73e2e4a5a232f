import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { isRotaError } from '../../core/errors/rota-error.ts';
import type { Alert } from './alert.ts';
import { WebhookSink } from './webhook-sink.ts';

const alert: Alert = {
  key: 'failed/x/1/0',
  kind: 'failed',
  title: 'full-dump/frwiki/20261122 failed',
  text: 'no room – see `rota run show`',
  at: new Date('2026-11-22T12:00:00Z'),
};
const never = new AbortController().signal;

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

/** An answer is waited for long, unless the test is that none comes: a busy machine is slow to give one. */
function hook(url: string, timeoutMs = 30_000): WebhookSink {
  return new WebhookSink({ name: 'hook', url, clock: systemClock, backoffMs: 1, timeoutMs });
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
        hook(url, statuses.length === 0 ? 200 : undefined).send(alert, never),
        (e) => isRotaError(e, 'ALERT_FAILED') && e.retryable && !e.message.includes(url),
      );
      assert.equal(bodies.length, tries);
    });
  }
});

test('a token that no header may have is not sent, and not told', async () => {
  await withServer([200], async (url, bodies) => {
    for (const token of ['sekret\nsekret', 'sekret€']) {
      const headers = { authorization: `Bearer ${token}` };
      const sink = new WebhookSink({ name: 'hook', url, clock: systemClock, headers });
      await assert.rejects(
        sink.send(alert, never),
        (e) =>
          isRotaError(e, 'ALERT_FAILED') && /no header may have/.test(e.message) && !/sekret/.test(e.message),
      );
    }
    assert.equal(bodies.length, 0);
  });
});
