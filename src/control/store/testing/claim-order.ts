import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { jobName } from '../../../core/ids.ts';
import { subjectLeaseKey } from '../lease.ts';
import type { RunStore } from '../run-store.ts';
import {
  claimed,
  dump,
  holder,
  id,
  leaseMs,
  nextClaim,
  type StoreFactory,
  type StoreFixture,
} from './store-fixture.ts';
import { storeTest } from './with-store.ts';

const failure = { code: 'INTERNAL', message: 'x' };

/** Ends one run of a subject, a second after the last, and creates its next date. */
async function past(
  store: RunStore,
  fixture: StoreFixture,
  subject: string,
  endings: readonly ('done' | 'failed')[],
) {
  for (const [i, state] of endings.entries()) {
    const { guard } = await claimed(store, subject, `2025010${i}`);
    await fixture.clock.advance(1_000);
    await store.endRun({ guard, ending: { state, ...(state === 'failed' ? { error: failure } : {}) } });
  }
}

async function order(store: RunStore): Promise<string[]> {
  const subjects: string[] = [];
  for (;;) {
    const next = await store.claimNextRun(nextClaim());
    if (next === undefined) return subjects;
    subjects.push(next.run.subject);
  }
}

export function claimOrderTests(factory: StoreFactory): void {
  storeTest(
    factory,
    'never done goes first, then failed, then done; the oldest first in each',
    async ({ store, fixture }) => {
      await past(store, fixture, 'done1', ['failed', 'done']);
      await past(store, fixture, 'failed1', ['done', 'failed']);
      await past(store, fixture, 'done2', ['done']);
      await past(store, fixture, 'failed2', ['failed']);
      for (const subject of ['done2', 'done1', 'failed2', 'failed1', 'new2', 'new1']) {
        await fixture.clock.advance(1_000);
        await store.createRun({ id: id(subject) });
      }
      assert.deepEqual(await order(store), ['new2', 'new1', 'failed1', 'failed2', 'done1', 'done2']);
    },
  );

  storeTest(
    factory,
    'the order of claims is that of the model, whatever happened before',
    async ({ store, fixture }) => {
      let round = 0;
      const subject = fc.integer({ min: 0, max: 4 });
      const event = fc.record({ subject, ending: fc.constantFrom<'done' | 'failed'>('done', 'failed') });
      await fc.assert(
        fc.asyncProperty(
          fc.array(event, { maxLength: 8 }),
          fc.uniqueArray(subject),
          async (events, waiting) => {
            round++;
            const name = (n: number) => `r${round}.s${n}`;
            const model = new Map<number, { rank: number; at: number }>();
            for (const [i, { subject, ending }] of events.entries()) {
              const { guard } = await claimed(store, name(subject), `2025${String(i).padStart(4, '0')}`);
              await fixture.clock.advance(1_000);
              await store.endRun({
                guard,
                ending: { state: ending, ...(ending === 'failed' ? { error: failure } : {}) },
              });
              model.set(subject, { rank: ending === 'failed' ? 1 : 2, at: i });
            }
            const createdAt = new Map(waiting.map((n, i) => [n, i]));
            for (const n of waiting) {
              await fixture.clock.advance(1_000);
              await store.createRun({ id: id(name(n)) });
            }
            const key = (n: number) => model.get(n) ?? { rank: 0, at: createdAt.get(n) ?? 0 };
            const expected = [...waiting]
              .sort((a, b) => key(a).rank - key(b).rank || key(a).at - key(b).at)
              .map(name);
            assert.deepEqual(await order(store), expected);
            for (const n of waiting)
              await store.requestRun({ id: id(name(n)), request: 'cancel', by: 'test' });
            await fixture.clock.advance(leaseMs);
            await store.sweep();
          },
        ),
        { numRuns: 15 },
      );
    },
  );

  storeTest(
    factory,
    'a failed run waits for its next try, then goes before those that are done',
    async ({ store, fixture }) => {
      await past(store, fixture, 'good', ['done']);
      const { guard } = await claimed(store, 'bad');
      const retryAt = new Date(fixture.clock.now().getTime() + 600_000);
      await store.endRun({ guard, ending: { state: 'retrying', error: failure, retryAt } });
      await store.createRun({ id: id('good') });
      assert.deepEqual(await store.waitReasons({ id: id('bad'), slotLimits: {}, resumeWithinMs: {} }), [
        { kind: 'retry', at: retryAt, error: failure },
      ]);
      await assert.rejects(
        store.claimRun({ id: id('bad'), holder: holder(), leaseMs, slotLimits: {}, resumeWithinMs: {} }),
        (e) => isRotaError(e, 'RUN_WAITS'),
      );
      assert.equal((await store.claimNextRun(nextClaim()))?.run.subject, 'good');
      assert.equal(await store.claimNextRun(nextClaim()), undefined);
      await fixture.clock.advance(600_000);
      assert.equal((await store.claimNextRun(nextClaim()))?.run.subject, 'bad');
    },
  );

  storeTest(factory, 'only runs of the named jobs are handed out', async ({ store }) => {
    await store.createRun({ id: id('a') });
    assert.equal(await store.claimNextRun(nextClaim({ jobs: [jobName('changes')] })), undefined);
    assert.equal((await store.claimNextRun(nextClaim()))?.run.id, id('a'));
  });

  storeTest(
    factory,
    'slots bound what runs at once, by class and by shared host',
    async ({ store, fixture }) => {
      await store.createRun({ id: id('a'), slots: ['dumps', 'db/h1'] });
      await store.createRun({ id: id('b'), slots: ['dumps', 'db/h1'] });
      await store.createRun({ id: id('c'), slots: ['dumps', 'db/h2'] });
      await store.createRun({ id: id('d'), slots: ['dumps', 'db/h3'] });
      const slotLimits = { dumps: 2, 'db/h1': 1 };
      const claim = nextClaim({ slotLimits });
      const first = await store.claimNextRun(claim);
      assert.equal(first?.run.id, id('a'));
      assert.equal((await store.claimNextRun(claim))?.run.id, id('c'));
      assert.equal(await store.claimNextRun(claim), undefined);
      assert.deepEqual(await store.waitReasons({ slotLimits, resumeWithinMs: {}, id: id('b') }), [
        { kind: 'slot', slot: 'db/h1', limit: 1, holders: [id('a')] },
        { kind: 'slot', slot: 'dumps', limit: 2, holders: [id('a'), id('c')] },
      ]);
      // A dead worker's slot is free.
      await fixture.clock.advance(leaseMs);
      assert.ok(await store.claimNextRun(claim));
      assert.equal(await store.claimNextRun(nextClaim({ slotLimits: { dumps: 0 } })), undefined);
    },
  );

  storeTest(
    factory,
    'a run waits for the runs it needs, also for those that do not exist yet',
    async ({ store }) => {
      const rules = { slotLimits: {}, resumeWithinMs: {} };
      await store.createRun({ id: id('a', '20260102'), needs: [id('b')] });
      assert.deepEqual(await store.waitReasons({ ...rules, id: id('a', '20260102') }), [
        { kind: 'need-run', run: id('b') },
      ]);
      assert.equal(await store.claimNextRun(nextClaim()), undefined);
      const b = await claimed(store, 'b');
      assert.deepEqual(await store.waitReasons({ ...rules, id: id('a', '20260102') }), [
        { kind: 'need-run', run: id('b'), state: 'running' },
      ]);
      await store.endRun({ guard: b.guard, ending: { state: 'done-with-errors' } });
      assert.equal((await store.claimNextRun(nextClaim()))?.run.id, id('a', '20260102'));
    },
  );

  storeTest(
    factory,
    'two dates of one subject never run together; the older goes first if young enough',
    async ({ store, fixture }) => {
      const day = 86_400_000;
      const now = fixture.clock.now().getTime();
      const create = (date: string, ageMs: number) =>
        store.createRun({ id: id('frwiki', date), dueAt: new Date(now - ageMs) });
      await create('20251230', 2 * day);
      await create('20260101', 0);
      const first = await store.claimNextRun(nextClaim({ resumeWithinMs: { [dump]: 3 * day } }));
      assert.equal(first?.run.date, '20251230');
      assert.equal(await store.claimNextRun(nextClaim()), undefined);
      const rules = { slotLimits: {}, resumeWithinMs: { [dump]: 3 * day } };
      const reasons = await store.waitReasons({ ...rules, id: id('frwiki', '20260101') });
      assert.deepEqual(
        reasons.map((r) => r.kind),
        ['other-date', 'older-date'],
      );
      await assert.rejects(
        store.claimRun({ id: id('frwiki', '20260101'), holder: holder(), leaseMs, ...rules }),
        (e) => isRotaError(e, 'RUN_BUSY'),
      );
      assert.ok(first);
      await store.endRun({ guard: first.guard, ending: { state: 'stopped' } });
      const second = await store.claimNextRun(nextClaim({ resumeWithinMs: { [dump]: day } }));
      assert.equal(second?.run.date, '20260101');
      assert.equal((await store.readRun({ id: id('frwiki', '20251230') }))?.state, 'skipped');
    },
  );

  storeTest(
    factory,
    'nothing of a subject is claimed while somebody works on what it has published',
    async ({ store }) => {
      await store.createRun({ id: id('frwiki') });
      const key = subjectLeaseKey(dump, 'frwiki');
      const guard = await store.acquireLease({ key, holder: holder(7), leaseMs });
      assert.equal(await store.claimNextRun(nextClaim()), undefined);
      const rules = { slotLimits: {}, resumeWithinMs: {} };
      assert.deepEqual(await store.waitReasons({ ...rules, id: id('frwiki') }), [
        { kind: 'subject', lease: key, holder: holder(7) },
      ]);
      const claim = { id: id('frwiki'), holder: holder(), leaseMs, ...rules };
      await assert.rejects(store.claimRun(claim), (e) => isRotaError(e, 'RUN_BUSY'));
      await store.releaseLease({ guard });
      const { run } = await store.claimRun(claim);
      assert.equal(run.state, 'running');
      await assert.rejects(store.acquireLease({ key, holder: holder(7), leaseMs }), (e) =>
        isRotaError(e, 'LEASE_HELD'),
      );
    },
  );

  storeTest(
    factory,
    'an older date that is to be tried again holds a newer one back, and is named',
    async ({ store, fixture }) => {
      const { guard } = await claimed(store, 'frwiki', '20260101');
      const retryAt = new Date(fixture.clock.now().getTime() + 600_000);
      await store.endRun({ guard, ending: { state: 'retrying', error: failure, retryAt } });
      await fixture.clock.advance(1);
      await store.createRun({ id: id('frwiki', '20260102') });
      assert.equal(await store.claimNextRun(nextClaim()), undefined);
      assert.deepEqual(
        await store.waitReasons({ id: id('frwiki', '20260102'), slotLimits: {}, resumeWithinMs: {} }),
        [{ kind: 'older-date', run: id('frwiki', '20260101'), state: 'retrying', retryAt }],
      );
    },
  );
}
