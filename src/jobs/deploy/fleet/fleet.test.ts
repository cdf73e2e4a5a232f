import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import type { TargetHost } from '../../../config/environment-config.ts';
import { systemClock } from '../../../core/clock.ts';
import type { TargetProgram } from '../target/target-program.ts';
import type { Channel } from '../transport/transport.ts';
import { Fleet } from './fleet.ts';

const program: TargetProgram = { name: 'look', script: ':', args: [], deadlineMs: 60_000, mutates: false };

test('of a thousand hosts at most sixteen are connected to at once, and each once', async () => {
  let starting = 0;
  let most = 0;
  let opened = 0;
  const transport = {
    open: () => {
      starting++;
      opened++;
      most = Math.max(most, starting);
      return channelOf(() => {
        starting--;
      });
    },
    rsyncRemote: () => ({ ssh: null, destination: '', become: null }),
    disconnect: async () => {},
  };
  const hosts = Array.from(
    { length: 1_000 },
    (_, i): TargetHost => ({ name: `h${i}`, address: { kind: 'local' }, root: '' }),
  );
  const signal = new AbortController().signal;
  await using fleet = new Fleet({
    transportOf: () => transport,
    clock: systemClock,
    connectTimeoutMs: 60_000,
    leaseMs: 60_000,
  });
  const twice = async (host: TargetHost) => {
    await fleet.run(host, program, signal);
    return (await fleet.run(host, program, signal)).status;
  };
  const outcomes = await fleet.each(hosts, twice, { signal });
  assert.ok(outcomes.every((outcome) => outcome.ok && outcome.value === 0));
  assert.equal(opened, 1_000);
  assert.equal(most, 16);
});

/** The other end of a session: an agent that says each program has ended well. */
function channelOf(greeted: () => void): Channel {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const { promise: exited, resolve } = Promise.withResolvers<Awaited<Channel['exited']>>();
  let said = '';
  let isGreeted = false;
  stdin.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (!isGreeted) {
      const nonce = /rota-agent %s\\0134n' ([0-9a-f]+)/.exec(said)?.[1];
      if (nonce === undefined) return;
      isGreeted = true;
      setImmediate(() => {
        greeted();
        stdout.write(`\nrota-agent ${nonce}\n`);
      });
    }
    const asked = [...said.matchAll(/^r (\d+)\n.*\n/gm)];
    for (const [, id] of asked) stdout.write(`${id} 0\n0 out\n0 err\n0 total\n\n`);
    if (asked.length > 0) said = '';
  });
  stdin.on('end', () => resolve({ code: 0, signal: null }));
  return {
    stdin,
    stdout,
    complaint: () => '',
    exited,
    [Symbol.dispose]: () => resolve({ code: null, signal: null }),
  };
}
