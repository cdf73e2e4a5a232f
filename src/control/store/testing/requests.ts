import assert from 'node:assert/strict';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import type { WaitReason } from '../run-view.ts';
import { claimed, dump, holder, id, leaseMs, nextClaim, type StoreFactory } from './store-fixture.ts';
import { storeTest } from './with-store.ts';

const rules = { slotLimits: {}, resumeWithinMs: {} };

export function requestTests(factory: StoreFactory): void {
  storeTest(factory, 'a waiting run is paused, resumed and cancelled at once', async ({ store }) => {
    await store.createRun({ id: id('a') });
    assert.equal((await store.requestRun({ id: id('a'), request: 'pause', by: 'anna' })).state, 'paused');
    assert.equal(await store.claimNextRun(nextClaim()), undefined);
    assert.deepEqual(await store.waitReasons({ ...rules, id: id('a') }), [
      { kind: 'paused', scope: `run/${id('a')}` },
    ]);
    assert.equal((await store.resumeRun({ id: id('a'), by: 'anna' })).state, 'waiting');
    assert.equal((await store.requestRun({ id: id('a'), request: 'cancel', by: 'anna' })).state, 'cancelled');
    assert.equal(await store.claimNextRun(nextClaim()), undefined);
    await assert.rejects(store.requestRun({ id: id('a'), request: 'cancel', by: 'anna' }), (e) =>
      isRotaError(e, 'RUN_STATE'),
    );
    assert.equal((await store.resumeRun({ id: id('a'), by: 'anna' })).state, 'waiting');
  });

  storeTest(
    factory,
    'the worker of a running run is asked; a cancel is not undone by a pause',
    async ({ store, other }) => {
      const { run } = await claimed(store);
      assert.equal(await store.readRequest({ id: run.id }), undefined);
      assert.equal((await other.requestRun({ id: run.id, request: 'pause', by: 'anna' })).state, 'running');
      assert.deepEqual(await store.readRequest({ id: run.id }), { request: 'pause', scope: `run/${run.id}` });
      await other.resumeRun({ id: run.id, by: 'anna' });
      assert.equal(await store.readRequest({ id: run.id }), undefined);
      await other.requestRun({ id: run.id, request: 'cancel', by: 'anna' });
      await other.requestRun({ id: run.id, request: 'pause', by: 'bert' });
      assert.equal((await store.readRequest({ id: run.id }))?.request, 'cancel');
    },
  );

  storeTest(
    factory,
    'a run whose worker dies before it heeds a request is what was asked for',
    async ({ store, fixture }) => {
      const { run } = await claimed(store);
      await store.requestRun({ id: run.id, request: 'cancel', by: 'anna' });
      await fixture.clock.advance(leaseMs);
      await store.sweep();
      assert.equal((await store.readRun({ id: run.id }))?.state, 'cancelled');
    },
  );

  for (const scope of [`job/${dump}`, 'subject/frwiki', 'all', 'maintenance'] as const) {
    storeTest(
      factory,
      `pausing ${scope} stops its running and coming runs until it is resumed`,
      async ({ store }) => {
        const { run, guard } = await claimed(store, 'frwiki', '20260101');
        await store.pauseScope({ scope, by: 'anna' });
        await store.createRun({ id: id('frwiki', '20260102') });
        assert.deepEqual(await store.readRequest({ id: run.id }), { request: 'pause', scope });
        await store.endRun({ guard, ending: { state: 'paused', pausedBy: scope } });
        assert.equal(await store.claimNextRun(nextClaim()), undefined);
        assert.deepEqual(
          (await store.listPauses()).map((p) => [p.scope, p.by]),
          [[scope, 'anna']],
        );
        assert.deepEqual(await store.waitReasons({ ...rules, id: id('frwiki', '20260102') }), [
          { kind: 'paused', scope },
        ]);
        assert.deepEqual(await store.resumeScope({ scope, by: 'anna' }), [run.id]);
        assert.equal((await store.claimNextRun(nextClaim()))?.run.id, run.id);
      },
    );
  }

  storeTest(factory, 'the exit switch is seen by all and taken back', async ({ store, other }) => {
    assert.equal(await other.readExit(), false);
    await store.setExit({ exit: true, by: 'anna' });
    assert.equal(await other.readExit(), true);
    await store.setExit({ exit: false, by: 'anna' });
    assert.equal(await other.readExit(), false);
  });

  storeTest(factory, 'held sets are decided one by one; then the run goes on', async ({ store }) => {
    const { run, guard } = await claimed(store);
    await store.holdSet({ guard, set: 'articles', reason: 'shrunk by 9 %' });
    await store.holdSet({ guard, set: 'logs', reason: 'shrunk by 7 %' });
    await assert.rejects(store.decideHeld({ id: run.id, decision: 'approved', by: 'anna' }), (e) =>
      isRotaError(e, 'RUN_STATE'),
    );
    await store.endRun({ guard, ending: { state: 'held', reason: 'two sets shrank' } });
    assert.equal(await store.readLease({ key: guard.key }), undefined);
    assert.deepEqual(await store.waitReasons({ ...rules, id: run.id }), [
      { kind: 'held', reason: 'two sets shrank', sets: ['articles', 'logs'] },
    ] satisfies WaitReason[]);
    await assert.rejects(
      store.decideHeld({ id: run.id, decision: 'approved', sets: ['history'], by: 'anna' }),
      (e) => isRotaError(e, 'RUN_STATE'),
    );
    const half = await store.decideHeld({ id: run.id, decision: 'approved', sets: ['articles'], by: 'anna' });
    assert.equal(half.state, 'held');
    const whole = await store.decideHeld({ id: run.id, decision: 'rejected', sets: ['logs'], by: 'bert' });
    assert.equal(whole.state, 'waiting');
    assert.deepEqual(
      whole.sets.map((s) => [s.set, s.state, s.by]),
      [
        ['articles', 'approved', 'anna'],
        ['logs', 'rejected', 'bert'],
      ],
    );
    // What was approved is not asked again.
    const again = await store.claimRun({ id: run.id, holder: holder(), leaseMs, ...rules });
    await store.holdSet({ guard: again.guard, set: 'articles', reason: 'shrunk by 9 %' });
    assert.equal((await store.readRun({ id: run.id }))?.sets[0]?.state, 'approved');
  });

  storeTest(factory, 'a run that is rejected whole has failed', async ({ store }) => {
    const { run, guard } = await claimed(store);
    await store.holdSet({ guard, set: '*', reason: 'odd' });
    await store.endRun({ guard, ending: { state: 'held', reason: 'odd' } });
    const rejected = await store.decideHeld({ id: run.id, decision: 'rejected', by: 'anna' });
    assert.equal(rejected.state, 'failed');
    assert.equal(rejected.error?.code, 'RUN_REJECTED');
  });

  storeTest(
    factory,
    'a held run fails when its time is up, and gives way to a newer date that is done',
    async ({ store, fixture }) => {
      for (const subject of ['a', 'b']) {
        const { guard } = await claimed(store, subject, '20260101');
        const heldUntil = new Date(fixture.clock.now().getTime() + 60_000);
        await store.endRun({ guard, ending: { state: 'held', reason: 'odd', heldUntil } });
      }
      await fixture.clock.advance(1_000);
      const newer = await claimed(store, 'b', '20260102');
      await store.endRun({ guard: newer.guard, ending: { state: 'done' } });
      assert.equal((await store.readRun({ id: id('b', '20260101') }))?.state, 'skipped');
      assert.deepEqual((await store.sweep()).expired, []);
      await fixture.clock.advance(60_000);
      assert.deepEqual((await store.sweep()).expired, [id('a', '20260101')]);
      assert.equal((await store.readRun({ id: id('a', '20260101') }))?.error?.code, 'RUN_HELD_TOO_LONG');
    },
  );
}
