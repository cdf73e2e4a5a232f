import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { isRotaError } from '../core/errors/rota-error.ts';
import { ManualClock } from '../core/manual-clock.ts';
import { listenForSignals } from './listen-for-signals.ts';

class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
  readonly stderr = { isTTY: false, write: () => true };
  exit(status: number): void {
    this.exits.push(status);
  }
}

test('the first Ctrl-C stops cleanly, an echo of it is nothing, the second ends at once', async () => {
  const [process, stop, clock] = [new FakeProcess(), new AbortController(), new ManualClock()];
  listenForSignals({ process, stop, clock });
  process.emit('SIGINT');
  assert.ok(stop.signal.aborted);
  assert.ok(isRotaError(stop.signal.reason, 'INTERRUPTED'));
  await clock.advance(50);
  process.emit('SIGINT');
  assert.deepEqual(process.exits, []);
  await clock.advance(1_000);
  process.emit('SIGINT');
  assert.deepEqual(process.exits, [130]);
});
