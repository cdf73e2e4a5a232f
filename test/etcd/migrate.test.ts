// Moving a farm's state from a file to etcd: everything goes on there, and nothing goes on here.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fillEtcdStore, openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import { compareTokens } from '../../src/control/store/lease.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { moveOutOfSqlite } from '../../src/control/store/sqlite/move-out.ts';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import type { StoredThing } from '../../src/control/store/stored-state.ts';
import {
  claimed,
  dump,
  holder,
  id,
  leaseMs,
  nextClaim,
} from '../../src/control/store/testing/store-fixture.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const error = { code: 'INTERNAL', message: 'x' };
const rules = { slotLimits: {}, resumeWithinMs: {} };
const piece = { path: 'p1/part', sizeBytes: 7, sha256: 'ab'.repeat(32), result: { pages: 3 } };

/** Something of everything that a store can hold; the guard of a run that is still at work. */
async function fill(store: RunStore) {
  for (const [subject, state] of [
    ['done', 'done'],
    ['bad', 'failed'],
  ] as const) {
    const { guard } = await claimed(store, subject);
    await store.putStage({ guard, stage: 'spool', position: 0, change: { state: 'running', tries: 1 } });
    await store.putStage({
      guard,
      stage: 'spool',
      position: 0,
      change: { state: 'done', summary: { pages: 10 } },
    });
    await store.commitPointer({ key: `publication/${subject}`, value: { files: ['a'] }, guard });
    await store.commitPointer({ key: `big/${subject}`, value: 'ä'.repeat(300_000), guard });
    await store.endRun({ guard, ending: { state, ...(state === 'failed' ? { error } : {}) } });
  }
  await store.createRun({ id: id('new'), slots: ['dumps'], parameters: { only: 'stubs' } });
  await store.createRun({ id: id('needy'), needs: [id('new')] });
  await store.createRun({ id: id('paused') });
  await store.requestRun({ id: id('paused'), request: 'pause', by: 'anna' });
  await store.pauseScope({ scope: 'subject/done', by: 'anna' });
  await store.moveDue({ key: 'k', from: undefined, to: new Date(5_000) });
  const working = await claimed(store, 'working');
  const { guard } = working;
  await store.holdSet({ guard, set: 'articles', reason: 'shrunk' });
  await store.definePieces({
    guard,
    stage: 'text',
    pieces: [1, 2, 3].map((n) => ({ id: `${n}`, weight: n, data: n })),
  });
  const scope = { run: working.run.id, epoch: 1, stage: 'text' };
  const first = await store.claimPiece({ ...scope, holder: holder(), leaseMs });
  assert.ok(first);
  await store.commitPiece({ guard: first.guard, result: piece });
  return working;
}

/** What can be asked of a store, without what says how old a lease is. */
async function facts(store: RunStore) {
  const runs = await store.listRuns({ limit: 1_000 });
  const scope = { run: id('working'), epoch: 1, stage: 'text' };
  return {
    runs: await Promise.all(
      runs.map(async (run) => [
        await store.readRun({ id: run.id }),
        await store.listTransitions({ id: run.id }),
      ]),
    ),
    latest: (await store.listLatestRuns({ job: dump })).map((run) => run.id),
    pieces: await store.listPieces(scope),
    committed: await store.listCommitted(scope),
    pointers: await store.listPointers({ prefix: '' }),
    pauses: await store.listPauses(),
    due: await store.readDue({ key: 'k' }),
    waits: await Promise.all(
      ['new', 'needy', 'paused', 'done'].map((s) => store.waitReasons({ ...rules, id: id(s) })),
    ),
  };
}

describe('moving a store from SQLite to etcd', { skip: requires('etcd') }, () => {
  let etcd: RunningEtcd;
  before(async () => {
    etcd = await startEtcd();
  });
  after(async () => {
    await etcd[Symbol.asyncDispose]();
  });

  it('keeps everything, raises tokens, and closes the file', async () => {
    await using folder = await temporaryFolder();
    const file = folder.in('rota.db');
    const place = { endpoints: etcd.endpoints, prefix: '/moved/', clock };
    await using old = await openSqliteStore({ file, clock });
    const { guard } = await fill(old);
    const move = () =>
      moveOutOfSqlite({
        file,
        clock,
        to: 'etcd',
        take: async (things) => void (await fillEtcdStore(place, things)),
      });
    // Somebody works.
    await assert.rejects(move(), (e) => isRotaError(e, 'RUN_BUSY') && /working/.test(e.message));
    await old.endRun({ guard, ending: { state: 'waiting' } });
    const before = await facts(old);
    await move();
    await using fresh = await openEtcdStore(place);
    assert.deepEqual(await facts(fresh), before);
    assert.equal(await fresh.readGeneration(), 2);
    const next = await fresh.claimRun({ id: id('working'), holder: holder(), leaseMs, ...rules });
    assert.ok(compareTokens(next.guard.token, guard.token) > 0);
    const claimedPiece = await fresh.claimPiece({
      run: id('working'),
      epoch: 1,
      stage: 'text',
      holder: holder(),
      leaseMs,
    });
    assert.equal(claimedPiece?.id, '2');
    // The order of claims too: never done before failed.
    assert.equal((await fresh.claimNextRun(nextClaim()))?.run.subject, 'new');
    // The file is closed to those who open it, and to those who have it open.
    const isMoved = (e: unknown) => isRotaError(e, 'STORE_MOVED');
    await assert.rejects(openSqliteStore({ file, clock }), isMoved);
    await assert.rejects(old.claimNextRun(nextClaim()), isMoved);
    await assert.rejects(old.createRun({ id: id('late') }), isMoved);
    // A person's word there (of a web page that is still open) would be said to be done, and be lost.
    const asked = { id: id('new'), by: 'anna' };
    await assert.rejects(old.requestRun({ ...asked, request: 'cancel' }), isMoved);
    await assert.rejects(old.resumeRun({ ...asked, id: id('paused') }), isMoved);
    await assert.rejects(old.restartRun({ ...asked, id: id('done') }), isMoved);
    await assert.rejects(old.pauseScope({ scope: 'all', by: 'anna' }), isMoved);
    await assert.rejects(old.resumeScope({ scope: 'subject/done', by: 'anna' }), isMoved);
    await assert.rejects(old.setExit({ exit: true, by: 'anna' }), isMoved);
    await assert.rejects(old.decideHeld({ ...asked, id: id('working'), decision: 'approved' }), isMoved);
    await assert.rejects(move(), isMoved);
    // Unless a person says so.
    await using adopted = await openSqliteStore({ file, clock, adopt: true });
    await adopted.newGeneration();
    await adopted.createRun({ id: id('late') });
  });

  it('a move that breaks off leaves the file in use and the place closed, and is repeated', async () => {
    await using folder = await temporaryFolder();
    const file = folder.in('rota.db');
    const place = { endpoints: etcd.endpoints, prefix: '/broken/', clock };
    await using old = await openSqliteStore({ file, clock });
    const { guard } = await fill(old);
    await old.endRun({ guard, ending: { state: 'waiting' } });
    function* broken(things: Iterable<StoredThing>): Generator<StoredThing> {
      let count = 0;
      for (const thing of things) {
        if (++count === 20) throw new Error('the cable was pulled');
        yield thing;
      }
    }
    const move = (through: (things: Iterable<StoredThing>) => Iterable<StoredThing>) =>
      moveOutOfSqlite({
        file,
        clock,
        to: 'etcd',
        take: async (things) => void (await fillEtcdStore(place, through(things))),
      });
    await assert.rejects(move(broken), /cable/);
    await assert.rejects(
      openEtcdStore(place),
      (e) => isRotaError(e, 'STORE_BUSY') && /repeat/.test(e.message),
    );
    await old.createRun({ id: id('still-used') });
    await move((things) => things);
    await using fresh = await openEtcdStore(place);
    assert.equal((await fresh.readRun({ id: id('still-used') }))?.state, 'waiting');
    // A place that is in use is not written over.
    const taken = fillEtcdStore(place, []);
    await assert.rejects(taken, (e) => isRotaError(e, 'STORE_IN_USE'));
  });
});
