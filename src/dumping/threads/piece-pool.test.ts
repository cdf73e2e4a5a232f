import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PieceSpec } from '../piece/piece-spec.ts';
import type { ThreadSetup } from './messages.ts';
import { PiecePool } from './piece-pool.ts';

const options = { signal: new AbortController().signal, onProgress: () => undefined };

describe('threads that build pieces', () => {
  it('let everybody know who waits that none can be started', async () => {
    // A function cannot be sent to a thread.
    const setup = { database: () => undefined } as unknown as ThreadSetup;
    await using pool = new PiecePool(setup, 1);
    const orders = await Promise.allSettled([1, 2, 3].map(() => pool.build({} as PieceSpec, options)));
    assert.deepEqual(
      orders.map((order) => order.status === 'rejected' && (order.reason as Error).name),
      ['DataCloneError', 'DataCloneError', 'DataCloneError'],
    );
  });
});
