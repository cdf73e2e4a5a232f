import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelScope } from './cancel-scope.ts';
import { claimed, dump, id } from './store/testing/store-fixture.ts';
import { RunFixture } from './testing/run-fixture.ts';

test('cancelling a scope ends what waits, asks what runs, and leaves the rest alone', async () => {
  for (const [scope, expected] of [
    [`job/${dump}`, ['cancelled', 'running cancel']],
    ['subject/frwiki', ['cancelled', 'running']],
    ['all', ['cancelled', 'running cancel']],
    [`run/${id('dewiki')}`, ['waiting', 'running cancel']],
  ] as const) {
    await using f = await RunFixture.open();
    await claimed(f.store, 'dewiki');
    const done = await claimed(f.store, 'enwiki');
    await f.store.endRun({ guard: done.guard, ending: { state: 'done' } });
    await cancelScope({ store: f.store, scope, by: 'anna' });
    const states = await Promise.all(
      [f.run, id('dewiki')].map(async (run) => {
        const view = await f.store.readRun({ id: run });
        return [view?.state, view?.request].filter((part) => part !== undefined).join(' ');
      }),
    );
    assert.deepEqual(states, expected);
    assert.equal((await f.store.readRun({ id: id('enwiki') }))?.state, 'done');
  }
});
