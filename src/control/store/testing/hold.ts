import assert from 'node:assert/strict';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import type { RunState } from '../../../core/run-state.ts';
import type { RunEnding } from '../run-store.ts';
import { byHand, type Request } from '../run-view.ts';
import { claimed, holder, id, leaseMs, nextClaim, type StoreFactory } from './store-fixture.ts';
import { storeTest } from './with-store.ts';

const rules = { slotLimits: {}, resumeWithinMs: {} };

export function holdTests(factory: StoreFactory): void {
  storeTest(
    factory,
    'a run that nobody works on is held at once, until a person decides',
    async ({ store }) => {
      await store.createRun({ id: id('a') });
      const heldUntil = new Date('2030-01-01T00:00:00Z');
      const held = await store.requestRun({
        id: id('a'),
        request: 'hold',
        by: 'anna',
        reason: 'odd',
        heldUntil,
      });
      assert.equal(held.state, 'held');
      assert.equal(held.reason, 'held by anna: odd');
      assert.deepEqual(held.heldUntil, heldUntil);
      assert.equal(await store.claimNextRun(nextClaim()), undefined);
      assert.deepEqual(await store.waitReasons({ ...rules, id: id('a') }), [
        { kind: 'held', reason: 'held by anna: odd', sets: [byHand] },
      ]);
      for (const request of ['hold', 'pause'] as const) {
        await assert.rejects(store.requestRun({ id: id('a'), request, by: 'anna' }), (e) =>
          isRotaError(e, 'RUN_STATE'),
        );
      }
      await assert.rejects(store.resumeRun({ id: id('a'), by: 'anna' }), (e) => isRotaError(e, 'RUN_STATE'));
      const approved = await store.decideHeld({ id: id('a'), decision: 'approved', by: 'bert' });
      assert.equal(approved.state, 'waiting');
      assert.deepEqual(
        approved.sets.map(({ set, state, by }) => [set, state, by]),
        [[byHand, 'approved', 'bert']],
      );
      // A second time: what was approved then says nothing now.
      await store.requestRun({ id: id('a'), request: 'hold', by: 'anna' });
      const again = await store.readRun({ id: id('a') });
      assert.deepEqual(
        again?.sets.map(({ set, state, reason, by }) => [set, state, reason, by]),
        [[byHand, 'held', 'held by anna', undefined]],
      );
      const rejected = await store.decideHeld({
        id: id('a'),
        decision: 'rejected',
        sets: [byHand],
        by: 'bert',
      });
      assert.equal(rejected.state, 'failed');
      assert.equal(rejected.error?.code, 'RUN_REJECTED');
    },
  );

  storeTest(
    factory,
    'a paused, retrying or stopped run is held, an ended one not',
    async ({ store, fixture }) => {
      const retryAt = new Date(fixture.clock.now().getTime() + 60_000);
      const endings: readonly RunEnding[] = [
        { state: 'paused' },
        { state: 'retrying', retryAt },
        { state: 'stopped' },
      ];
      for (const ending of endings) {
        const { run, guard } = await claimed(store, ending.state);
        await store.endRun({ guard, ending });
        assert.equal((await store.requestRun({ id: run.id, request: 'hold', by: 'anna' })).state, 'held');
        const decided = await store.decideHeld({ id: run.id, decision: 'approved', by: 'anna' });
        assert.equal(decided.state, 'waiting', ending.state);
      }
      for (const state of ['done', 'done-with-errors', 'failed', 'skipped', 'cancelled'] as const) {
        const { run, guard } = await claimed(store, `ended-${state}`);
        await store.endRun({ guard, ending: { state } });
        await assert.rejects(store.requestRun({ id: run.id, request: 'hold', by: 'anna' }), (e) =>
          isRotaError(e, 'RUN_STATE'),
        );
      }
    },
  );

  storeTest(
    factory,
    'once a running run is to be held it publishes nothing more',
    async ({ store, other }) => {
      const { run, guard } = await claimed(store);
      const heldUntil = new Date('2030-01-01T00:00:00Z');
      await store.commitPointer({ key: 'publication/x', value: 'before', guard });
      const asked = await other.requestRun({
        id: run.id,
        request: 'hold',
        by: 'anna',
        reason: 'odd',
        heldUntil,
      });
      assert.deepEqual([asked.state, asked.request], ['running', 'hold']);
      assert.deepEqual(await store.readRequest({ id: run.id }), {
        request: 'hold',
        scope: `run/${run.id}`,
        reason: 'held by anna: odd',
        heldUntil,
      });
      await assert.rejects(store.commitPointer({ key: 'publication/x', value: 'after', guard }), (e) =>
        isRotaError(e, 'RUN_HELD'),
      );
      assert.equal(await store.readPointer({ key: 'publication/x' }), 'before');
      // Other leases are no business of the run's, and its other writes go on: what it made is kept.
      const links = await store.acquireLease({ key: 'publish/x', holder: holder(), leaseMs });
      await store.commitPointer({ key: 'latest/x', value: 1, guard: links });
      await store.putStage({ guard, stage: 'content', position: 0, change: { state: 'done' } });
      const ended = await store.endRun({ guard, ending: { state: 'held', reason: 'as asked' } });
      assert.equal(ended.state, 'held');
      assert.equal(ended.reason, 'held by anna: odd');
      assert.deepEqual(ended.heldUntil, heldUntil);
      assert.equal(ended.request, undefined);
      assert.equal(await store.readLease({ key: guard.key }), undefined);
      await store.decideHeld({ id: run.id, decision: 'approved', by: 'anna' });
      const next = await store.claimRun({ id: run.id, holder: holder(), leaseMs, ...rules });
      await store.commitPointer({ key: 'publication/x', value: 'after', guard: next.guard });
    },
  );

  storeTest(
    factory,
    'letting a run go that was held by hand approves nothing that it made',
    async ({ store }) => {
      const { run, guard } = await claimed(store);
      await store.requestRun({ id: run.id, request: 'hold', by: 'anna' });
      await store.holdSet({ guard, set: 'articles', reason: 'shrunk' });
      await store.endRun({ guard, ending: { state: 'held', reason: 'shrunk' } });
      const half = await store.decideHeld({ id: run.id, decision: 'approved', sets: [byHand], by: 'anna' });
      assert.equal(half.state, 'held', 'the set still waits');
      assert.equal(half.sets.find(({ set }) => set === 'articles')?.state, 'held');
    },
  );

  storeTest(factory, 'cancel outweighs hold, and hold outweighs pause', async ({ store }) => {
    const { run } = await claimed(store);
    const order: readonly (readonly [Request, Request])[] = [
      ['pause', 'pause'],
      ['hold', 'hold'],
      ['pause', 'hold'],
      ['cancel', 'cancel'],
      ['hold', 'cancel'],
      ['pause', 'cancel'],
    ];
    for (const [request, then] of order) {
      await store.requestRun({ id: run.id, request, by: 'anna' });
      assert.equal((await store.readRequest({ id: run.id }))?.request, then, `${request} is asked for`);
    }
  });

  storeTest(
    factory,
    'a hold that has not been heeded is taken back by resuming the run',
    async ({ store }) => {
      const { run, guard } = await claimed(store);
      await store.requestRun({ id: run.id, request: 'hold', by: 'anna' });
      await store.resumeRun({ id: run.id, by: 'anna' });
      assert.equal(await store.readRequest({ id: run.id }), undefined);
      await store.commitPointer({ key: 'publication/x', value: 1, guard });
    },
  );

  const becomes: readonly (readonly [Request, RunEnding['state'], RunState])[] = [
    ['pause', 'waiting', 'paused'],
    ['pause', 'retrying', 'paused'],
    ['pause', 'stopped', 'paused'],
    ['pause', 'held', 'held'],
    ['hold', 'waiting', 'held'],
    ['hold', 'paused', 'held'],
    ['hold', 'stopped', 'held'],
    ['hold', 'failed', 'failed'],
    ['hold', 'done', 'done'],
    ['cancel', 'waiting', 'cancelled'],
    ['cancel', 'paused', 'cancelled'],
    ['cancel', 'held', 'cancelled'],
    ['cancel', 'done', 'done'],
  ];
  storeTest(
    factory,
    'what was asked for is not lost when a run leaves its worker otherwise',
    async ({ store }) => {
      for (const [request, ending, state] of becomes) {
        const { run, guard } = await claimed(store, `${request}-${ending}`);
        await store.requestRun({ id: run.id, request, by: 'anna' });
        const ended = await store.endRun({ guard, ending: { state: ending, reason: 'otherwise' } });
        assert.equal(ended.state, state, `${request}, then ${ending}`);
        assert.equal(ended.request, undefined);
      }
    },
  );

  storeTest(factory, 'a run that was to be held is held when its worker dies', async ({ store, fixture }) => {
    const { run } = await claimed(store);
    await store.requestRun({ id: run.id, request: 'hold', by: 'anna', reason: 'odd' });
    await fixture.clock.advance(leaseMs);
    await store.sweep();
    const found = await store.readRun({ id: run.id });
    assert.equal(found?.state, 'held');
    assert.match(found?.reason ?? '', /^held by anna: odd/);
  });
}
