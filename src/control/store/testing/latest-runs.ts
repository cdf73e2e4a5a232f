import assert from 'node:assert/strict';
import type { RunStore } from '../run-store.ts';
import { byHand } from '../run-view.ts';
import { claimed, dump, holder, id, leaseMs, type StoreFactory } from './store-fixture.ts';
import { storeTest } from './with-store.ts';

const piece = { id: '1', weight: 1, data: {} };
const made = { path: 'p1.1.1-ab/part.xml', sizeBytes: 7, sha256: 'ab'.repeat(32) };
const asked = { by: 'anna' };

export function latestRunsTests(factory: StoreFactory): void {
  storeTest(
    factory,
    'who has asked for the newest runs before is told the same as who asks for the first time',
    async ({ store, other, fixture }) => {
      const list = async (by: RunStore) =>
        (await by.listLatestRuns({ job: dump })).map((run) => ({ ...run }));
      const isToldAlike = async (): Promise<Readonly<Record<string, string>>> => {
        const told = await list(other);
        await using fresh = await fixture.open();
        assert.deepEqual(told, await list(fresh));
        return Object.fromEntries(told.map((run) => [run.subject, run.state]));
      };
      assert.deepEqual(await isToldAlike(), {});
      await store.createRun({ id: id('b') });
      await store.createRun({ id: id('d') });
      await isToldAlike();
      // Before, between and after those that are known.
      for (const subject of ['c', 'a', 'e', 'c-', 'c.d']) await store.createRun({ id: id(subject) });
      assert.deepEqual(Object.keys(await isToldAlike()), ['a', 'b', 'c', 'c-', 'c.d', 'd', 'e']);

      const { guard } = await claimed(store, 'a');
      assert.equal((await isToldAlike()).a, 'running');
      const progress = { done: 1, total: 2, unit: 'pages' };
      await store.putProgress({ guard, stage: 'text', progress });
      await isToldAlike();
      await fixture.clock.advance(1_000);
      await store.renewLease({ guard });
      await store.holdSet({ guard, set: 'articles', reason: 'shrunk' });
      await store.holdSet({ guard, set: 'history', reason: 'shrunk' });
      await store.endRun({ guard, ending: { state: 'held', reason: 'shrunk' } });
      assert.equal((await isToldAlike()).a, 'held');
      await store.decideHeld({ id: id('a'), decision: 'approved', sets: ['articles'], ...asked });
      await isToldAlike();
      await store.decideHeld({ id: id('a'), decision: 'approved', ...asked });
      assert.equal((await isToldAlike()).a, 'waiting');

      // A helper commits its piece after the worker has died, which takes the death back.
      const run = await claimed(store, 'b');
      await store.definePieces({ guard: run.guard, stage: 'text', pieces: [piece] });
      await fixture.clock.advance(leaseMs - 1_000);
      const scope = { run: run.run.id, epoch: 1, stage: 'text' };
      const help = await store.claimPiece({ ...scope, holder: holder(2), leaseMs });
      assert.ok(help);
      await fixture.clock.advance(1_000);
      await store.sweep();
      assert.equal((await isToldAlike()).b, 'stopped');
      await store.commitPiece({ guard: help.guard, result: made });
      await isToldAlike();
      await store.resumeRun({ id: id('b'), ...asked });
      assert.equal((await isToldAlike()).b, 'waiting');

      await store.requestRun({ id: id('c'), request: 'hold', reason: 'look', ...asked });
      await isToldAlike();
      await store.decideHeld({ id: id('c'), decision: 'rejected', sets: [byHand], ...asked });
      await store.requestRun({ id: id('d'), request: 'cancel', ...asked });
      assert.deepEqual(await isToldAlike(), {
        ...{ a: 'waiting', b: 'waiting', c: 'failed', 'c-': 'waiting' },
        ...{ 'c.d': 'waiting', d: 'cancelled', e: 'waiting' },
      });
      await store.restartRun({ id: id('d'), ...asked });
      await isToldAlike();

      // A newer date takes its place, and goes on being the newest when the older one is pruned.
      const old = await claimed(store, 'e');
      await store.endRun({
        guard: old.guard,
        ending: { state: 'failed', error: { code: 'X', message: 'x' } },
      });
      await fixture.clock.advance(1_000);
      await store.createRun({ id: id('e', '20260102') });
      await isToldAlike();
      assert.deepEqual(await store.pruneRuns({ endedBefore: fixture.clock.now(), limit: 9 }), [id('e')]);
      assert.equal((await isToldAlike()).e, 'waiting');
      await claimed(store, 'e', '20260102');
      await store.newGeneration();
      await isToldAlike();
      await store.sweep();
      assert.equal((await isToldAlike()).e, 'stopped');
    },
  );
}
