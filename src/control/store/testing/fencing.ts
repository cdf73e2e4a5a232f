import assert from 'node:assert/strict';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { compareTokens, publishLeaseKey, runLeaseKey, subjectLeaseKey } from '../lease.ts';
import type { ClaimedRun, RunStore } from '../run-store.ts';
import { claimed, dump, holder, id, leaseMs, nextClaim, type StoreFactory } from './store-fixture.ts';
import { storeTest } from './with-store.ts';

/** Every write that a worker can make under its run's lease. */
function writesOf(store: RunStore, { guard }: ClaimedRun): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    renewLease: () => store.renewLease({ guard }),
    adoptRun: () => store.adoptRun({ guard, holder: holder(9) }),
    assertLease: () => store.assertLease({ guard }),
    putStage: () => store.putStage({ guard, stage: 's', position: 0, change: { state: 'done' } }),
    putProgress: () => store.putProgress({ guard, stage: 's', progress: { done: 1, total: 1, unit: 'x' } }),
    holdSet: () => store.holdSet({ guard, set: 'articles', reason: 'shrunk' }),
    definePieces: () => store.definePieces({ guard, stage: 's', pieces: [{ id: '1', weight: 1, data: 1 }] }),
    reopenPieces: () => store.reopenPieces({ guard, stage: 's' }),
    commitPointer: () => store.commitPointer({ key: 'p', value: 'stale', guard }),
    endRun: () => store.endRun({ guard, ending: { state: 'done' } }),
  };
}

export function fencingTests(factory: StoreFactory): void {
  storeTest(
    factory,
    'one of two claims gets the run; the other is told who has it',
    async ({ store, other }) => {
      await store.createRun({ id: id('frwiki') });
      const results = await Promise.allSettled(
        [store, other].map((s, i) =>
          s.claimRun({
            id: id('frwiki'),
            holder: holder(i + 1),
            leaseMs,
            slotLimits: {},
            resumeWithinMs: {},
          }),
        ),
      );
      const refused = results.filter((r) => r.status === 'rejected');
      assert.equal(refused.length, 1);
      assert.ok(isRotaError(refused[0]?.reason, 'RUN_BUSY'));
      assert.match(refused[0]?.reason.message, /process [12] on host1/);
      assert.equal(await store.claimNextRun(nextClaim()), undefined);
    },
  );

  storeTest(
    factory,
    'a lease that is renewed lives on, for its subject too',
    async ({ store, other, fixture }) => {
      const mine = await claimed(store);
      for (let i = 0; i < 5; i++) {
        await fixture.clock.advance(leaseMs - 1);
        await store.renewLease({ guard: mine.guard });
      }
      const lease = await other.readLease({ key: runLeaseKey(mine.run.id) });
      assert.equal(lease?.alive, true);
      assert.equal((await other.readLease({ key: subjectLeaseKey(dump, 'frwiki') }))?.alive, true);
      assert.deepEqual((await other.sweep()).stopped, []);
    },
  );

  storeTest(
    factory,
    'every write is refused when the lease has run out, though nobody took it',
    async ({ store, fixture }) => {
      const stale = await claimed(store);
      await fixture.clock.advance(leaseMs);
      for (const [name, write] of Object.entries(writesOf(store, stale))) {
        await assert.rejects(write(), (e) => isRotaError(e, 'LEASE_LOST'), name);
      }
    },
  );

  storeTest(
    factory,
    'every write of a stale token is refused while another holds the run',
    async ({ store, other, fixture }) => {
      const stale = await claimed(store);
      await fixture.clock.advance(leaseMs);
      const current = await other.claimNextRun(nextClaim({ holder: holder(2) }));
      assert.ok(current);
      assert.ok(compareTokens(current.guard.token, stale.guard.token) > 0);
      for (const [name, write] of Object.entries(writesOf(store, stale))) {
        await assert.rejects(write(), (e) => isRotaError(e, 'LEASE_LOST'), name);
      }
      const run = await store.readRun({ id: stale.run.id });
      assert.equal(run?.state, 'running');
      assert.equal(run?.stages.length, 0);
      assert.equal(await store.readPointer({ key: 'p' }), undefined);
      for (const write of Object.values(writesOf(other, current))) await write();
      assert.equal(await store.readPointer({ key: 'p' }), 'stale');
    },
  );

  storeTest(factory, 'a released lease is refused too', async ({ store }) => {
    const mine = await claimed(store);
    await store.endRun({ guard: mine.guard, ending: { state: 'waiting' } });
    for (const [name, write] of Object.entries(writesOf(store, mine))) {
      await assert.rejects(write(), (e) => isRotaError(e, 'LEASE_LOST'), name);
    }
  });

  storeTest(
    factory,
    'only the monotonic clock ends a lease, not the time of day',
    async ({ store, fixture }) => {
      const mine = await claimed(store);
      fixture.clock.setTimeOfDay('2036-01-01T00:00:00Z');
      await store.renewLease({ guard: mine.guard });
      fixture.clock.setTimeOfDay('2006-01-01T00:00:00Z');
      await store.renewLease({ guard: mine.guard });
      assert.deepEqual((await store.sweep()).stopped, []);
    },
  );

  storeTest(
    factory,
    "a child takes over its worker's claim with the same token",
    async ({ store, other }) => {
      const worker = await claimed(store);
      const child = await other.adoptRun({ guard: worker.guard, holder: holder(77) });
      assert.deepEqual(child.guard, worker.guard);
      assert.equal(child.leaseMs, leaseMs);
      assert.equal((await store.readLease({ key: worker.guard.key }))?.holder.pid, 77);
      assert.equal((await store.readLease({ key: subjectLeaseKey(dump, 'frwiki') }))?.holder.pid, 77);
      assert.equal((await store.readRun({ id: worker.run.id }))?.holder?.pid, 77);
    },
  );

  storeTest(
    factory,
    "a dead worker's run becomes stopped and goes to the next; deaths without end wait",
    async ({ store, fixture }) => {
      await claimed(store);
      for (let deaths = 1; deaths <= 6; deaths++) {
        await fixture.clock.advance(leaseMs);
        assert.deepEqual((await store.sweep()).stopped, [id('frwiki')]);
        const run = await store.readRun({ id: id('frwiki') });
        assert.equal(run?.state, 'stopped');
        assert.equal(run?.stops, deaths);
        const next = await store.claimNextRun(nextClaim());
        if (deaths < 6) assert.equal(next?.run.id, id('frwiki'));
        else assert.equal(next, undefined);
      }
      await fixture.clock.advance(10 * 60_000);
      const late = await store.claimNextRun(nextClaim());
      assert.ok(late);
      await store.putStage({ guard: late.guard, stage: 's', position: 0, change: { state: 'done' } });
      assert.equal((await store.readRun({ id: id('frwiki') }))?.stops, 0);
    },
  );

  storeTest(
    factory,
    'a new generation ends all leases and outranks every token before',
    async ({ store, other }) => {
      const old = await claimed(store);
      assert.equal(await other.newGeneration(), 2);
      assert.equal(await store.readGeneration(), 2);
      await assert.rejects(store.renewLease({ guard: old.guard }), (e) => isRotaError(e, 'LEASE_LOST'));
      const next = await store.claimNextRun(nextClaim());
      assert.ok(next && compareTokens(next.guard.token, old.guard.token) > 0);
      assert.match(next.guard.token, /^2\./);
    },
  );

  storeTest(factory, 'tokens of a subject rise from date to date', async ({ store }) => {
    const first = await claimed(store, 'frwiki', '20260101');
    await store.endRun({ guard: first.guard, ending: { state: 'done' } });
    const second = await claimed(store, 'frwiki', '20260102');
    assert.ok(compareTokens(second.guard.token, first.guard.token) > 0);
  });

  storeTest(
    factory,
    'a lease on a key is held by one, given back, and outranked by the next',
    async ({ store, other, fixture }) => {
      const key = publishLeaseKey(dump, 'frwiki');
      const first = await store.acquireLease({ key, holder: holder(1), leaseMs });
      await assert.rejects(other.acquireLease({ key, holder: holder(2), leaseMs }), (e) =>
        isRotaError(e, 'LEASE_HELD'),
      );
      await store.releaseLease({ guard: first });
      const second = await other.acquireLease({ key, holder: holder(2), leaseMs });
      assert.ok(compareTokens(second.token, first.token) > 0);
      await store.releaseLease({ guard: first });
      await other.commitPointer({ key: 'latest/frwiki', value: { date: '20260101' }, guard: second });
      await fixture.clock.advance(leaseMs);
      const third = await store.acquireLease({ key, holder: holder(1), leaseMs });
      await assert.rejects(
        other.commitPointer({ key: 'latest/frwiki', value: { date: '20251201' }, guard: second }),
        (e) => isRotaError(e, 'LEASE_LOST'),
      );
      assert.deepEqual(await store.listPointers({ prefix: 'latest/' }), [
        { key: 'latest/frwiki', value: { date: '20260101' } },
      ]);
      await store.releaseLease({ guard: third });
      assert.equal(await store.readLease({ key }), undefined);
      await store.prunePointers({
        prefix: 'latest/',
        writtenBefore: new Date(fixture.clock.now().getTime() + 1),
      });
      assert.deepEqual(await store.listPointers({ prefix: 'latest/' }), []);
    },
  );

  storeTest(
    factory,
    'a lease is broken by force only when its holder has stopped renewing it',
    async ({ store, other, fixture }) => {
      const { guard, run } = await claimed(store);
      await fixture.clock.advance(leaseMs / 2 - 1);
      await assert.rejects(
        other.forceUnlock({ guard, by: 'anna' }),
        (e) => isRotaError(e, 'LEASE_ALIVE') && /process 1 on host1/.test(e.message),
      );
      await store.renewLease({ guard });
      await fixture.clock.advance(leaseMs / 2 - 1);
      await assert.rejects(other.forceUnlock({ guard, by: 'anna' }), (e) => isRotaError(e, 'LEASE_ALIVE'));
      await fixture.clock.advance(1);
      await assert.rejects(other.forceUnlock({ guard: { ...guard, token: '1.99' }, by: 'anna' }), (e) =>
        isRotaError(e, 'LEASE_ALIVE'),
      );
      assert.equal((await other.forceUnlock({ guard, by: 'anna' })).holder.pid, 1);
      assert.equal((await other.readRun({ id: run.id }))?.state, 'stopped');
      await assert.rejects(store.renewLease({ guard }), (e) => isRotaError(e, 'LEASE_LOST'));
    },
  );
}
