import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LeaseTools } from '../../../control/hold-lease.ts';
import type { RunStore } from '../../../control/store/run-store.ts';
import type { StoreFactory } from '../../../control/store/testing/store-fixture.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { silentLog } from '../../../core/log.ts';
import type { ManualClock } from '../../../core/manual-clock.ts';
import { WorkerPresence } from '../worker-presence.ts';
import { drainHost, listDrains, listWorkers, undrainHost } from '../workers.ts';

const leaseMs = 30_000;
const slots = new Map([['full-dump', 2]]);

/** How workers of several hosts see each other, whichever store they share; called by a test file of each adapter. */
export function presenceTests(factory: StoreFactory): void {
  test('workers of all hosts are listed while they are there', async () => {
    await withStore(factory, async ({ store, clock, tools }) => {
      const dead = new WorkerPresence(tools('b', 12));
      await dead.begin(slots);
      await dead.show(slots);
      {
        await using here = new WorkerPresence(tools('a', 123));
        await here.begin(slots);
        const names = (await listWorkers(store)).map((worker) => `${worker.host} ${worker.pid}`);
        assert.deepEqual(names, ['a 123', 'b 12']);
        assert.deepEqual((await listWorkers(store))[0]?.slots, { 'full-dump': 2 });
        await here.show(new Map([['full-dump', 5]]));
        assert.deepEqual((await listWorkers(store))[0]?.slots, { 'full-dump': 5 });
      }
      assert.deepEqual(
        (await listWorkers(store)).map((worker) => worker.pid),
        [12],
      );
      // It can no longer renew, and nobody takes its sign away: its lease does.
      clock.advance(0);
      await store.newGeneration();
      assert.deepEqual(await listWorkers(store), []);
      await using next = new WorkerPresence(tools('a', 124));
      await next.begin(slots);
      assert.deepEqual(
        (await store.listPointers({ prefix: 'worker/' })).map(({ key }) => key),
        ['worker/a/124/'],
      );
      await dead[Symbol.asyncDispose]();
    });
  });

  test('a worker that could not renew its sign shows it anew, also before the old one has ended', async () => {
    await withStore(factory, async ({ store, clock, tools }) => {
      const cutOff = new Proxy(store, {
        get: (target, name: keyof RunStore) => {
          const method: unknown = target[name];
          if (name === 'renewLease') return async () => Promise.reject(new Error('away'));
          return typeof method === 'function' ? method.bind(target) : method;
        },
      });
      await using here = new WorkerPresence({ ...tools('a', 1), store: cutOff });
      await here.begin(slots);
      await clock.advance((leaseMs * 2) / 3 + 1);
      const more = new Map([['full-dump', 5]]);
      await here.show(more);
      assert.deepEqual(
        (await listWorkers(store)).map((worker) => worker.slots),
        [{ 'full-dump': 5 }],
      );
    });
  });

  test('a drained host stands aside until it is undrained, another of a similar name does not', async () => {
    await withStore(factory, async ({ store, tools }) => {
      await using one = new WorkerPresence(tools('db1', 1));
      await using ten = new WorkerPresence(tools('db10', 1));
      await one.begin(slots);
      await ten.begin(slots);
      await drainHost(tools('ops', 9), 'db1', 'anna');
      assert.deepEqual(await one.standAside(), { reason: 'drained', by: 'anna' });
      assert.equal(await ten.standAside(), undefined);
      assert.deepEqual(
        (await listDrains(store)).map(({ host, by }) => [host, by]),
        [['db1', 'anna']],
      );
      await drainHost(tools('ops', 9), 'db10', 'bert');
      await undrainHost(tools('ops', 9), 'db1');
      assert.equal(await one.standAside(), undefined);
      assert.deepEqual(await ten.standAside(), { reason: 'drained', by: 'bert' });
    });
  });

  test('of two series the older stands aside; one that comes later is refused', async () => {
    await withStore(factory, async ({ tools }) => {
      await using old = new WorkerPresence(tools('a', 1, '0.3.1'));
      await old.begin(slots);
      await using patched = new WorkerPresence(tools('b', 1, '0.3.9'));
      await patched.begin(slots);
      assert.equal(await old.standAside(), undefined);
      {
        await using newer = new WorkerPresence(tools('c', 1, '0.4.0'));
        await newer.begin(slots);
        assert.deepEqual(await old.standAside(), { reason: 'older', version: '0.4.0', host: 'c' });
        assert.equal(await newer.standAside(), undefined);
        const late = new WorkerPresence(tools('d', 1, '0.3.9'));
        await assert.rejects(
          late.begin(slots),
          (e) => isRotaError(e, 'VERSION_SKEW') && /0\.4\.0 is at work on c/.test(e.message),
        );
      }
      // Gone back to the version before: the older ones go on.
      assert.equal(await old.standAside(), undefined);
    });
  });
}

async function withStore(
  factory: StoreFactory,
  body: (p: {
    readonly store: RunStore;
    readonly clock: ManualClock;
    readonly tools: (host: string, pid: number, version?: string) => LeaseTools;
  }) => Promise<void>,
): Promise<void> {
  const fixture = await factory();
  try {
    await using store = await fixture.open();
    const { clock } = fixture;
    const tools = (host: string, pid: number, version = '0.3.1') => ({
      store,
      clock,
      leaseMs,
      log: silentLog,
      holder: { host, pid, startedAt: clock.now(), version },
    });
    await body({ store, clock, tools });
  } finally {
    await fixture.close();
  }
}
