import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { ManualClock } from '../../core/manual-clock.ts';
import { diskWarnings } from './disk-warnings.ts';
import { Pace } from './paced.ts';
import { dotStuffed, SmtpSink } from './smtp-sink.ts';

const alert = {
  key: 'failed/x',
  kind: 'failed',
  title: 'a run failed',
  text: '.hidden\nSee rota why',
  at: new Date(0),
} as const;

/** Answers each line that a client says; gives what it heard. */
async function withMailServer(
  answerTo: (line: string) => string | null,
  use: (port: number) => Promise<void>,
): Promise<readonly string[]> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.write('220-hello\r\n220 there\r\n');
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        heard.push(line);
        const answer = answerTo(line);
        if (answer !== null) socket.write(`${answer}\r\n`);
      }
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  return heard;
}

test('an alert is handed to a mail server', async () => {
  let inData = false;
  const heard = await withMailServer(
    (line) => {
      if (line === '.') inData = false;
      else if (inData) return null;
      if (line === 'DATA') {
        inData = true;
        return '354 go on';
      }
      return '250-so\r\n250 ok';
    },
    async (port) => {
      const server = { host: '127.0.0.1', port };
      const sink = new SmtpSink({
        name: 'mail',
        server,
        from: 'rota@example.org',
        to: ['a@example.org', 'b@example.org'],
      });
      await sink.send(alert, new AbortController().signal);
    },
  );
  assert.ok(heard.includes('MAIL FROM:<rota@example.org>'));
  assert.deepEqual(
    heard.filter((line) => line.startsWith('RCPT')),
    ['RCPT TO:<a@example.org>', 'RCPT TO:<b@example.org>'],
  );
  assert.ok(heard.some((line) => line.startsWith('Subject: ')));
});

test('what the mail server refuses is ALERT_FAILED with its words', async () => {
  await withMailServer(
    (line) => (line.startsWith('RCPT') ? '550 who is that' : '250 ok'),
    async (port) => {
      const sink = new SmtpSink({
        name: 'mail',
        server: { host: '127.0.0.1', port },
        from: 'a@b',
        to: ['c@d'],
      });
      await assert.rejects(
        sink.send(alert, new AbortController().signal),
        (error) => isRotaError(error, 'ALERT_FAILED') && /who is that/.test(error.message),
      );
    },
  );
});

test('an address cannot hold a second command', () => {
  const server = { host: 'h', port: 25 };
  assert.throws(() => new SmtpSink({ name: 'mail', server, from: 'a@b', to: ['c@d>\r\nDATA'] }));
});

test('no line of a message is the dot that ends it', () => {
  assert.equal(dotStuffed('a\n.\n..b\n'), 'a\r\n..\r\n...b');
});

test('a disk warns when less than a twentieth of its room or inodes is left', () => {
  const room = { path: '/d', freeBytes: 60, totalBytes: 1000, freeInodes: 60, totalInodes: 1000 };
  assert.deepEqual(diskWarnings([room]), []);
  assert.match(diskWarnings([{ ...room, freeBytes: 40 }])[0]?.text ?? '', /4\.0 %/);
  assert.match(diskWarnings([{ ...room, freeInodes: 40 }])[0]?.text ?? '', /40 inodes/);
  assert.deepEqual(diskWarnings([{ ...room, freeInodes: 0, totalInodes: 0 }]), [], 'some count none');
});

test('a costly chore takes a tenth of the time', async () => {
  const clock = new ManualClock();
  const pace = new Pace(clock);
  let done = 0;
  const chore = async () => {
    done += 1;
    await clock.advance(1_000);
  };
  await pace.keep('chore', chore);
  await clock.advance(8_999);
  await pace.keep('chore', chore);
  assert.equal(done, 1);
  await clock.advance(1);
  await pace.keep('chore', chore);
  assert.equal(done, 2);
});
