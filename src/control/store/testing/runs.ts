import assert from 'node:assert/strict';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { maxPointerBytes, maxValueBytes } from '../run-store.ts';
import { claimed, dump, holder, id, leaseMs, nextClaim, type StoreFactory } from './store-fixture.ts';
import { storeTest } from './with-store.ts';

export function runTests(factory: StoreFactory): void {
  storeTest(
    factory,
    'creating a run is idempotent and its parameters are frozen',
    async ({ store, other }) => {
      const first = await store.createRun({
        id: id('frwiki'),
        parameters: { only: 'stubs' },
        slots: ['dump', 'db/h1'],
      });
      const again = await other.createRun({ id: id('frwiki'), parameters: { only: 'logs' } });
      assert.equal(first.created, true);
      assert.equal(again.created, false);
      assert.deepEqual(again.run.parameters, { only: 'stubs' });
      assert.deepEqual([...again.run.slots].sort(), ['db/h1', 'dump']);
      assert.equal(again.run.state, 'waiting');
      assert.equal(again.run.epoch, 1);
    },
  );

  storeTest(
    factory,
    'a run that does not exist is undefined to read and RUN_UNKNOWN to change',
    async ({ store }) => {
      assert.equal(await store.readRun({ id: id('nowiki') }), undefined);
      await assert.rejects(store.resumeRun({ id: id('nowiki'), by: 'anna' }), (e) =>
        isRotaError(e, 'RUN_UNKNOWN'),
      );
    },
  );

  storeTest(
    factory,
    'stages, summaries and progress are kept and every transition is recorded',
    async ({ store, other, fixture }) => {
      const { guard, run } = await claimed(store);
      await store.putStage({ guard, stage: 'spool', position: 0, change: { state: 'running', tries: 1 } });
      await store.putProgress({ guard, stage: 'spool', progress: { done: 5, total: 10, unit: 'pages' } });
      assert.equal((await other.readRun({ id: run.id }))?.progress?.done, 5);
      await fixture.clock.advance(1_000);
      await store.putStage({
        guard,
        stage: 'spool',
        position: 0,
        change: { state: 'done', summary: { pages: 10 } },
      });
      await store.putStage({
        guard,
        stage: 'articles',
        position: 1,
        change: { state: 'failed', error: { code: 'DISK_FULL', message: 'no room' } },
      });
      await store.endRun({
        guard,
        ending: { state: 'failed', error: { code: 'DISK_FULL', message: 'no room' } },
      });
      const details = await other.readRun({ id: run.id });
      assert.equal(details?.state, 'failed');
      assert.equal(details?.tries, 1);
      assert.deepEqual(details?.error, { code: 'DISK_FULL', message: 'no room' });
      assert.deepEqual(
        details?.stages.map((s) => [s.name, s.state]),
        [
          ['spool', 'done'],
          ['articles', 'failed'],
        ],
      );
      const [spool] = details?.stages ?? [];
      assert.deepEqual(spool?.summary, { pages: 10 });
      assert.equal((spool?.endedAt?.getTime() ?? 0) - (spool?.startedAt?.getTime() ?? 0), 1_000);
      const transitions = await other.listTransitions({ id: run.id });
      assert.deepEqual(
        transitions.map((t) => `${t.stage ?? 'run'} ${t.from ?? ''}>${t.to}`),
        [
          'run >waiting',
          'run waiting>running',
          'spool >running',
          'spool running>done',
          'articles >failed',
          'run running>failed',
        ],
      );
      for (const t of transitions.slice(1)) {
        assert.equal(t.host, 'host1');
        assert.equal(t.pid, 1);
        assert.equal(t.token, guard.token);
      }
    },
  );

  storeTest(factory, 'a stage in hand shares the fate of a run that leaves its worker', async ({ store }) => {
    const { guard, run } = await claimed(store);
    await store.putStage({ guard, stage: 'spool', position: 0, change: { state: 'running', tries: 1 } });
    await store.endRun({ guard, ending: { state: 'paused', pausedBy: `run/${run.id}` } });
    assert.equal((await store.readRun({ id: run.id }))?.stages[0]?.state, 'paused');
  });

  storeTest(factory, 'a resumed run keeps its finished stages, a new epoch has none', async ({ store }) => {
    const { guard, run } = await claimed(store);
    await store.putStage({ guard, stage: 'spool', position: 0, change: { state: 'done', summary: 1 } });
    await store.endRun({ guard, ending: { state: 'failed', error: { code: 'INTERNAL', message: 'x' } } });
    const resumed = await store.resumeRun({ id: run.id, by: 'anna', parameters: { from: 'articles' } });
    assert.equal(resumed.state, 'waiting');
    assert.equal(resumed.tries, 0);
    assert.deepEqual(resumed.parameters, { from: 'articles' });
    assert.equal((await store.readRun({ id: run.id }))?.stages.length, 1);
    const restarted = await store.restartRun({ id: run.id, by: 'anna' });
    assert.equal(restarted.epoch, 2);
    assert.deepEqual(restarted.parameters, { from: 'articles' });
    assert.equal((await store.readRun({ id: run.id }))?.stages.length, 0);
    assert.equal((await store.listTransitions({ id: run.id })).at(-1)?.reason, 'started anew by anna');
  });

  storeTest(
    factory,
    'a running run is neither resumed nor started anew; a done one only anew',
    async ({ store }) => {
      const { guard, run } = await claimed(store);
      await assert.rejects(store.resumeRun({ id: run.id, by: 'a' }), (e) => isRotaError(e, 'RUN_STATE'));
      await assert.rejects(store.restartRun({ id: run.id, by: 'a' }), (e) => isRotaError(e, 'RUN_BUSY'));
      await store.endRun({ guard, ending: { state: 'done' } });
      await assert.rejects(store.resumeRun({ id: run.id, by: 'a' }), (e) => isRotaError(e, 'RUN_STATE'));
      assert.equal((await store.restartRun({ id: run.id, by: 'a' })).state, 'waiting');
    },
  );

  storeTest(
    factory,
    'lists are filtered, newest first, and go on where the last ended',
    async ({ store, fixture }) => {
      for (const subject of ['a', 'b', 'c']) {
        await store.createRun({ id: id(subject) });
        await fixture.clock.advance(1_000);
      }
      await store.createRun({ id: id('a', '20260102') });
      const { guard } = await store.claimRun({
        id: id('b'),
        holder: holder(),
        leaseMs,
        slotLimits: {},
        resumeWithinMs: {},
      });
      const all = await store.listRuns({});
      assert.deepEqual(
        all.map((r) => r.id),
        [id('a', '20260102'), id('c'), id('b'), id('a')],
      );
      assert.deepEqual(
        (await store.listRuns({ after: id('c'), limit: 1 })).map((r) => r.id),
        [id('b')],
      );
      assert.deepEqual(
        (await store.listRuns({ states: ['running'] })).map((r) => r.id),
        [id('b')],
      );
      assert.deepEqual(
        (await store.listRuns({ job: dump, subject: 'a' })).map((r) => r.date),
        ['20260102', '20260101'],
      );
      assert.deepEqual(
        (await store.listLatestRuns({ job: dump })).map((r) => r.id),
        [id('a', '20260102'), id('b'), id('c')],
      );
      await fixture.clock.advance(1_000);
      await store.endRun({ guard, ending: { state: 'done' } });
      assert.deepEqual(
        (await store.listRuns({ updatedSince: fixture.clock.now() })).map((r) => r.id),
        [id('b')],
      );
    },
  );

  storeTest(factory, 'values that are not small are refused', async ({ store }) => {
    const parameters = 'x'.repeat(maxValueBytes);
    await assert.rejects(store.createRun({ id: id('a'), parameters }), (e) =>
      isRotaError(e, 'VALUE_TOO_LARGE'),
    );
    assert.equal(await store.readRun({ id: id('a') }), undefined);
  });

  storeTest(factory, 'a pointer may be as large as the list of thousands of files', async ({ store }) => {
    const { guard } = await claimed(store);
    const value = 'x'.repeat(maxPointerBytes - 2);
    await store.commitPointer({ key: 'p', value, guard });
    assert.equal(await store.readPointer({ key: 'p' }), value);
    await assert.rejects(store.commitPointer({ key: 'p', value: `${value}x`, guard }), (e) =>
      isRotaError(e, 'VALUE_TOO_LARGE'),
    );
  });

  storeTest(factory, 'a due time moves by compare and set', async ({ store, other }) => {
    const [first, second] = [new Date(1_000), new Date(2_000)];
    assert.equal(await store.readDue({ key: 'k' }), undefined);
    assert.equal(await store.moveDue({ key: 'k', from: undefined, to: first }), true);
    assert.equal(await other.moveDue({ key: 'k', from: undefined, to: second }), false);
    assert.equal(await other.moveDue({ key: 'k', from: first, to: second }), true);
    assert.deepEqual(await store.readDue({ key: 'k' }), second);
  });

  storeTest(
    factory,
    'old runs leave the store, but not the newest or the newest done of a subject',
    async ({ store, fixture }) => {
      for (const [day, state] of [
        ['01', 'done'],
        ['02', 'done'],
        ['03', 'failed'],
        ['04', 'failed'],
      ] as const) {
        const { guard } = await claimed(store, 'frwiki', `202601${day}`);
        await store.endRun({
          guard,
          ending: { state, ...(state === 'failed' ? { error: { code: 'INTERNAL', message: 'x' } } : {}) },
        });
        await fixture.clock.advance(86_400_000);
      }
      const pruned = await store.pruneRuns({ endedBefore: fixture.clock.now(), limit: 10 });
      assert.deepEqual([...pruned].sort(), [id('frwiki', '20260101'), id('frwiki', '20260103')]);
      assert.equal((await store.listTransitions({ id: id('frwiki', '20260101') })).length, 0);
      // The token goes on rising all the same.
      await store.createRun({ id: id('frwiki', '20260105') });
      assert.equal((await store.claimNextRun(nextClaim()))?.guard.token, '1.5');
    },
  );
}
