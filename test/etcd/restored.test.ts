// A cluster that is begun anew from a snapshot: workers of before, tokens and publications of after it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import { compareTokens } from '../../src/control/store/lease.ts';
import { claimed, holder, id, nextClaim } from '../../src/control/store/testing/store-fixture.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const leaseMs = 600_000;
const isLost = (error: unknown) => isRotaError(error, 'LEASE_LOST');

describe('etcd restored from a snapshot', { skip: requires('etcd') }, () => {
  it('refuses workers of before by a new generation, and by their leases even without', async () => {
    await using folder = await temporaryFolder('restored');
    await using etcd = await startEtcd({ members: 3 });
    const place = { endpoints: etcd.endpoints, clock, patienceMs: 60_000 };
    const claimNext = { ...nextClaim(), leaseMs };
    await using before = await openEtcdStore(place);
    for (const subject of ['frwiki', 'dewiki']) await before.createRun({ id: id(subject) });
    const held = await before.claimNextRun(claimNext);
    assert.ok(held);

    const file = folder.in('snapshot.db');
    await etcd.snapshot(file);

    // What the snapshot knows nothing of: a claim, with a piece and a pointer under its token.
    const later = await before.claimNextRun(claimNext);
    assert.ok(later);
    await before.definePieces({ guard: later.guard, stage: 's', pieces: [{ id: '1', weight: 1, data: 1 }] });
    const scope = { run: later.run.id, epoch: 1, stage: 's' };
    const piece = await before.claimPiece({ ...scope, holder: holder(), leaseMs });
    assert.ok(piece);
    await before.commitPointer({ key: 'p', value: 'of before', guard: later.guard });
    await etcd.restore(file);

    // Nobody has thought of a new generation: the same token is given once more, for another lease.
    await using after = await openEtcdStore(place);
    const again = await after.claimNextRun({ ...claimNext, holder: holder(2) });
    assert.ok(again);
    assert.deepEqual(again.guard, later.guard);
    await after.definePieces({ guard: again.guard, stage: 's', pieces: [{ id: '1', weight: 1, data: 1 }] });
    const pieceAgain = await after.claimPiece({ ...scope, holder: holder(2), leaseMs });
    assert.deepEqual(pieceAgain?.guard, piece.guard);
    const { guard } = later;
    await assert.rejects(before.commitPointer({ key: 'p', value: 'of before', guard }), isLost);
    await assert.rejects(before.renewLease({ guard }), isLost);
    await assert.rejects(before.endRun({ guard, ending: { state: 'done' } }), isLost);
    const result = { path: 'p1/part', sizeBytes: 1, sha256: 'ab'.repeat(32) };
    await assert.rejects(before.commitPiece({ guard: piece.guard, result }), isLost);
    await after.commitPointer({ key: 'p', value: 'of after', guard: again.guard });
    assert.equal(await before.readPointer({ key: 'p' }), 'of after');

    // Then somebody does: those of the snapshot are refused too, and all later tokens outdo all earlier ones.
    assert.equal(await after.newGeneration(), 2);
    for (const stale of [held.guard, again.guard])
      await assert.rejects(after.endRun({ guard: stale, ending: { state: 'done' } }), isLost);
    await after.sweep();
    assert.equal((await after.listRuns({ states: ['stopped'] })).length, 2);
    const anew = await claimed(after, held.run.subject);
    assert.ok(compareTokens(anew.guard.token, held.guard.token) > 0);
    assert.equal(anew.guard.token, '2.2');
    // Who asked before the restore is told what is there now.
    assert.deepEqual(
      (await before.listLatestRuns({ job: held.run.job })).map((run) => run.state),
      (await after.listLatestRuns({ job: held.run.job })).map((run) => run.state),
    );
  });
});
