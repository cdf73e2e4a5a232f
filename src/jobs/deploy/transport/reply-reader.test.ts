import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { type Reply, ReplyReader } from './reply-reader.ts';

const reply = fc.record(
  {
    id: fc.nat({ max: 9999 }).map(String),
    status: fc.nat({ max: 255 }),
    stdout: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    stderr: fc.string({ maxLength: 20 }),
  },
  { noNullPrototype: true },
);

/** As the agent writes it; wc of some systems puts blanks before its numbers. */
function wire({ id, status, stdout, stderr }: Reply): Buffer {
  const err = Buffer.from(stderr);
  const sum = stdout.length + err.length;
  const head = `${id} ${status}\n ${stdout.length} /tmp/rota.x/out\n${err.length} /tmp/rota.x/err\n  ${sum} total\n`;
  return Buffer.concat([Buffer.from(head), stdout, err, Buffer.from('\n')]);
}

test('replies are the same however the stream is cut, and login noise is none of them', () => {
  const noise = fc.constantFrom('', 'Welcome!\n', '\n\nrota-agent other\n', '1 0\n0 a\n0 b\n0 total\n');
  fc.assert(
    fc.property(
      fc.array(reply, { maxLength: 5 }),
      noise,
      fc.array(fc.nat({ max: 40 }), { maxLength: 30 }),
      (replies, before, cuts) => {
        const stream = Buffer.concat([Buffer.from(`${before}\nrota-agent abc\n`), ...replies.map(wire)]);
        const reader = new ReplyReader('abc');
        const read: Reply[] = [];
        let at = 0;
        for (const size of [...cuts, stream.length]) {
          read.push(...reader.push(stream.subarray(at, at + size)));
          at += size;
        }
        assert.equal(reader.ready, true);
        assert.deepEqual(read, replies);
      },
    ),
  );
});

test('what is no reply is refused, not guessed at', () => {
  const reader = new ReplyReader('abc');
  reader.push(Buffer.from('\nrota-agent abc\n'));
  assert.throws(
    () => reader.push(Buffer.from('bash: setsid: command not found\na\nb\nc\n')),
    (error) => isRotaError(error, 'TARGET_PROTOCOL') && error.message.includes('setsid'),
  );
});

test('a reply ends with a line feed: before that the next program may not begin', () => {
  const reader = new ReplyReader('abc');
  const head = '\nrota-agent abc\n1 0\n2 out\n0 err\n2 total\nok';
  assert.deepEqual(reader.push(Buffer.from(head)), []);
  assert.equal(reader.push(Buffer.from('\n')).length, 1);
  assert.throws(
    () => reader.push(Buffer.from('2 0\n0 out\n0 err\n0 total\n1.1\n')),
    (error) => isRotaError(error, 'TARGET_PROTOCOL'),
  );
});

test('a login that writes without end is given up', () => {
  const reader = new ReplyReader('abc');
  const chunk = Buffer.alloc(600_000, 'x');
  reader.push(chunk);
  assert.throws(
    () => reader.push(chunk),
    (error) => isRotaError(error, 'TARGET_PROTOCOL'),
  );
});
