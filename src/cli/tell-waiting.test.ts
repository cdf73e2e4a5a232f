import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { Cli } from './cli.ts';
import { tellWaiting } from './tell-waiting.ts';
import { CapturedStream } from './testing.ts';

test('a store that is silent for two seconds is named at a terminal, once, and nowhere else', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  for (const isTTY of [true, false]) {
    const stderr = Object.assign(new CapturedStream(), { isTTY });
    const cli = new Cli({
      io: { stdout: new CapturedStream(), stderr, env: {}, cwd: '/' },
      clock: systemClock,
      signal: new AbortController().signal,
      version: '1.2.3',
      globalOptions: () => ({ color: false }),
    });
    const opening = Promise.withResolvers<string>();
    const told = tellWaiting(
      cli,
      { store: { kind: 'etcd', endpoints: ['http://h1:2379'], prefix: '/rota/' } as never },
      opening.promise,
    );
    t.mock.timers.tick(1_900);
    assert.equal(stderr.text, '');
    t.mock.timers.tick(20_000);
    opening.resolve('open');
    assert.equal(await told, 'open');
    const said = 'rota: waiting for the run store to answer: etcd at http://h1:2379 under /rota/\n';
    assert.equal(stderr.text, isTTY ? said : '');
  }
});
