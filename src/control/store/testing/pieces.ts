import assert from 'node:assert/strict';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { compareTokens } from '../lease.ts';
import type { ClaimedPiece, PieceScope, RunStore } from '../run-store.ts';
import { claimed, holder, leaseMs, nextClaim, type StoreFactory } from './store-fixture.ts';
import { storeTest } from './with-store.ts';

const made = { path: 'p1.1.1-ab/part.xml', sizeBytes: 7, sha256: 'ab'.repeat(32), result: { pages: 3 } };
const pieces = [
  { id: '1', weight: 1, data: { from: 1, to: 10 } },
  { id: '2', weight: 5, data: { from: 11, to: 20 } },
  { id: '3', weight: 1, data: { from: 21, to: 30 } },
];

async function cut(store: RunStore) {
  const run = await claimed(store);
  await store.definePieces({ guard: run.guard, stage: 'text', pieces });
  const scope: PieceScope = { run: run.run.id, epoch: 1, stage: 'text' };
  const claim = (by: RunStore, pid: number) => by.claimPiece({ ...scope, holder: holder(pid), leaseMs });
  return { ...run, scope, claim };
}

function some(piece: ClaimedPiece | undefined): ClaimedPiece {
  assert.ok(piece);
  return piece;
}

export function pieceTests(factory: StoreFactory): void {
  storeTest(
    factory,
    'pieces are defined once; other pieces in the same epoch are refused',
    async ({ store }) => {
      const { guard, scope } = await cut(store);
      await store.definePieces({ guard, stage: 'text', pieces });
      assert.deepEqual(
        (await store.listPieces(scope)).map((p) => [p.id, p.state]),
        [
          ['1', 'open'],
          ['2', 'open'],
          ['3', 'open'],
        ],
      );
      await assert.rejects(store.definePieces({ guard, stage: 'text', pieces: pieces.slice(1) }), (e) =>
        isRotaError(e, 'PIECE_CONFLICT'),
      );
    },
  );

  storeTest(
    factory,
    'several processes share the pieces, heaviest first, each to one',
    async ({ store, other }) => {
      const { scope, claim } = await cut(store);
      const got = [
        await claim(store, 1),
        await claim(other, 2),
        await claim(store, 1),
        await claim(other, 2),
      ];
      assert.deepEqual(
        got.map((p) => p?.id),
        ['2', '1', '3', undefined],
      );
      assert.deepEqual(got[0]?.data, { from: 11, to: 20 });
      for (const piece of got.slice(0, 3))
        await store.commitPiece({ guard: some(piece).guard, result: made });
      assert.deepEqual(
        (await store.listCommitted(scope)).map((p) => p.id),
        ['1', '2', '3'],
      );
      assert.deepEqual((await store.listCommitted(scope))[0], { ...pieces[0], ...made });
    },
  );

  storeTest(
    factory,
    'a piece that another took over is refused to the one who lost it',
    async ({ store, other, fixture }) => {
      const { claim, guard, scope } = await cut(store);
      const stale = some(await claim(store, 1));
      await fixture.clock.advance(leaseMs - 1);
      await store.renewLease({ guard });
      await fixture.clock.advance(1);
      const current = some(await claim(other, 2));
      assert.equal(current.id, stale.id);
      assert.ok(compareTokens(current.guard.token, stale.guard.token) > 0);
      for (const write of [
        () => store.renewPiece({ guard: stale.guard }),
        () => store.commitPiece({ guard: stale.guard, result: made }),
        () => store.releasePiece({ guard: stale.guard }),
      ]) {
        await assert.rejects(write(), (e) => isRotaError(e, 'LEASE_LOST'));
      }
      await other.commitPiece({ guard: current.guard, result: made });
      await assert.rejects(other.commitPiece({ guard: current.guard, result: made }), (e) =>
        isRotaError(e, 'LEASE_LOST'),
      );
      assert.equal((await store.listPieces(scope)).filter((p) => p.state === 'committed').length, 1);
    },
  );

  storeTest(factory, 'a renewed piece stays with its holder', async ({ store, other, fixture }) => {
    const { claim, guard } = await cut(store);
    const mine = some(await claim(store, 1));
    for (let i = 0; i < 3; i++) {
      await fixture.clock.advance(leaseMs - 1);
      await store.renewPiece({ guard: mine.guard });
      await store.renewLease({ guard });
    }
    assert.notEqual((await claim(other, 2))?.id, mine.id);
    await store.commitPiece({ guard: mine.guard, result: made });
  });

  storeTest(
    factory,
    'pieces outlive their coordinator, but not the epoch',
    async ({ store, other, fixture }) => {
      const { claim, scope } = await cut(store);
      const first = some(await claim(store, 1));
      await store.commitPiece({ guard: first.guard, result: made });
      const second = some(await claim(store, 1));
      await fixture.clock.advance(leaseMs - 1);
      await store.renewPiece({ guard: second.guard });
      await fixture.clock.advance(1);
      const next = await other.claimNextRun(nextClaim({ holder: holder(2) }));
      assert.equal(next?.run.id, scope.run);
      // A helper's piece is good although the run has another coordinator now.
      await store.commitPiece({ guard: second.guard, result: made });
      assert.equal((await other.listCommitted(scope)).length, 2);
      const third = some(await claim(store, 1));
      assert.ok(next);
      await other.endRun({ guard: next.guard, ending: { state: 'cancelled' } });
      await other.restartRun({ id: scope.run, by: 'anna' });
      await assert.rejects(store.commitPiece({ guard: third.guard, result: made }), (e) =>
        isRotaError(e, 'LEASE_LOST'),
      );
    },
  );

  storeTest(factory, 'no piece is handed out of a run that nobody works on', async ({ store }) => {
    const { claim, guard } = await cut(store);
    await store.endRun({ guard, ending: { state: 'waiting' } });
    assert.equal(await claim(store, 1), undefined);
  });

  storeTest(
    factory,
    'a failed piece waits for its next try, or fails for good until it is opened again',
    async ({ store, fixture }) => {
      const { claim, guard, scope } = await cut(store);
      const error = { code: 'DISK_FULL', message: 'no room' };
      const first = some(await claim(store, 1));
      await store.releasePiece({
        guard: first.guard,
        error,
        retryAt: new Date(fixture.clock.now().getTime() + 1_000),
      });
      const others = [some(await claim(store, 1)), some(await claim(store, 1))];
      assert.equal(await claim(store, 1), undefined);
      await fixture.clock.advance(1_000);
      const again = some(await claim(store, 1));
      assert.equal(again.id, first.id);
      assert.equal(again.tryNumber, 2);
      await store.releasePiece({ guard: again.guard, error });
      assert.equal((await store.listPieces(scope)).find((p) => p.id === first.id)?.state, 'failed');
      assert.deepEqual((await store.listPieces(scope)).find((p) => p.id === first.id)?.error, error);
      assert.equal(await claim(store, 1), undefined);
      await store.reopenPieces({ guard, stage: 'text' });
      assert.equal(some(await claim(store, 1)).tryNumber, 1);
      for (const piece of others) await store.releasePiece({ guard: piece.guard });
      assert.equal(some(await claim(store, 1)).tryNumber, 1);
    },
  );
}
