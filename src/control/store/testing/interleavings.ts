import assert from 'node:assert/strict';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import type { RunId } from '../../../core/ids.ts';
import type { ClaimedRun, RunStore } from '../run-store.ts';
import { holder, id, leaseMs, type StoreFactory } from './store-fixture.ts';
import { storeTest } from './with-store.ts';

const rules = { slotLimits: {}, resumeWithinMs: {} };

/** What the fence must come to, in the fewest words: who holds the lease now, and under which claim. */
interface Model {
  current: ClaimedRun | undefined;
  isDone: boolean;
  published: string | undefined;
}

type Step = 'expire' | `${'a' | 'b'} ${'claims' | 'renews' | 'publishes' | 'ends'}`;
const allSteps: readonly Step[] = ['expire', 'a renews', 'a publishes', 'a ends', 'b claims', 'b publishes'];

/**
 * After a's claim every order of three steps of two workers on one run, each on a run of its own: a write is accepted
 * exactly when its token is current and its lease alive. (fencing-model.test.ts searches deeper, without a store.)
 */
export function interleavingTests(factory: StoreFactory): void {
  storeTest(
    factory,
    'every order of steps of two workers: only the holder of a living lease writes',
    async ({ store, other, fixture }) => {
      await playAll({ a: store, b: other }, () => fixture.clock.advance(leaseMs));
    },
  );

  storeTest(
    factory,
    'the same search finds what a store lets through that has no fence',
    async ({ store, other, fixture }) => {
      await assert.rejects(
        playAll({ a: withoutFence(store), b: other }, () => fixture.clock.advance(leaseMs)),
        /Missing expected rejection: a claims, .*expire.*, a publishes/,
      );
    },
  );
}

type Stores = Readonly<Record<'a' | 'b', RunStore>>;

async function playAll(stores: Stores, expire: () => Promise<void>): Promise<void> {
  let number = 0;
  for (const first of allSteps) {
    for (const second of allSteps) {
      for (const third of allSteps) {
        const run = id(`w${number++}`);
        await stores.a.createRun({ id: run });
        await play({ run, order: ['a claims', first, second, third], stores, expire });
      }
    }
  }
}

/** Publishes whatever the guard says: as under a lease that nobody else wants. */
function withoutFence(store: RunStore): RunStore {
  const commitPointer: RunStore['commitPointer'] = async (p) => {
    const guard = await store.acquireLease({ key: `free/${p.key}`, holder: holder(), leaseMs });
    await store.commitPointer({ ...p, guard });
    await store.releaseLease({ guard });
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'commitPointer') return commitPointer;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function play(p: {
  readonly run: RunId;
  readonly order: readonly Step[];
  readonly stores: Stores;
  readonly expire: () => Promise<void>;
}): Promise<void> {
  const model: Model = { current: undefined, isDone: false, published: undefined };
  const claims: { a?: ClaimedRun; b?: ClaimedRun } = {};
  const key = `published/${p.run}`;
  for (const [i, step] of p.order.entries()) {
    const told = `${p.order.join(', ')}: step ${i + 1}`;
    if (step === 'expire') {
      await p.expire();
      model.current = undefined;
      continue;
    }
    const [who, what] = step.split(' ') as ['a' | 'b', string];
    const store = p.stores[who];
    if (what === 'claims') {
      const may = model.current === undefined && !model.isDone;
      const claim = store.claimRun({ id: p.run, holder: holder(who === 'a' ? 1 : 2), leaseMs, ...rules });
      if (may) {
        claims[who] = await claim;
        model.current = claims[who];
      } else await assert.rejects(claim, (e) => isRotaError(e, 'RUN_BUSY', 'RUN_STATE'), told);
      continue;
    }
    const claimed = claims[who];
    if (claimed === undefined) continue;
    const { guard } = claimed;
    const write = {
      renews: () => store.renewLease({ guard }),
      publishes: () => store.commitPointer({ key, value: guard.token, guard }),
      ends: () => store.endRun({ guard, ending: { state: 'done' } }),
    }[what];
    if (write === undefined) throw new TypeError(step);
    if (model.current === claimed) {
      await write();
      if (what === 'publishes') model.published = guard.token;
      if (what === 'ends') {
        model.current = undefined;
        model.isDone = true;
      }
    } else await assert.rejects(write(), (e) => isRotaError(e, 'LEASE_LOST'), told);
    assert.equal(await store.readPointer({ key }), model.published, told);
  }
}
