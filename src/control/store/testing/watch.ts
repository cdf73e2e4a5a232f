import assert from 'node:assert/strict';
import type { RunId } from '../../../core/ids.ts';
import type { ChangeNotice } from '../change-notice.ts';
import type { RunStore } from '../run-store.ts';
import { claimed, id, leaseMs, type StoreFactory } from './store-fixture.ts';
import { storeTest } from './with-store.ts';

/** Far longer than a notice takes; a store that never tells fails here. */
const patienceMs = 60_000;

export function watchTests(factory: StoreFactory): void {
  storeTest(
    factory,
    'a watch begins with a notice, and tells of what others and it itself write',
    async (p) => {
      const { store, other } = p;
      await using watch = watched(store);
      assert.equal((await watch.next())?.kind, 'opened');
      await other.createRun({ id: id('frwiki') });
      assert.equal((await watch.next())?.kind, 'changed');
      await store.createRun({ id: id('dewiki') });
      assert.equal((await watch.next())?.kind, 'changed');
    },
  );

  storeTest(
    factory,
    'who reads after each notice sees the newest state, however many changes there were',
    async (p) => {
      const { store, other } = p;
      const { guard, run } = await claimed(other);
      await using watch = watched(store, run.id);
      await watch.next();
      const total = 40;
      const writing = (async () => {
        for (let done = 1; done <= total; done++)
          await other.putProgress({ guard, stage: 's', progress: { done, total, unit: 'pages' } });
      })();
      for (let seen = 0; seen < total; ) {
        await watch.next();
        seen = (await store.readRun({ id: run.id }))?.progress?.done ?? 0;
      }
      await writing;
    },
  );

  storeTest(factory, 'a run is watched with its stages and its end', async ({ store, other }) => {
    const { guard, run } = await claimed(other);
    await using watch = watched(store, run.id);
    await watch.next();
    const until = async (reached: () => Promise<boolean>) => {
      do await watch.next();
      while (!(await reached()));
    };
    await other.putStage({ guard, stage: 'spool', position: 1, change: { state: 'running' } });
    await until(async () => (await store.readRun({ id: run.id }))?.stages[0]?.state === 'running');
    await other.endRun({ guard, ending: { state: 'done' } });
    await until(async () => (await store.readRun({ id: run.id }))?.state === 'done');
  });

  storeTest(factory, 'a lease that ends of a dead worker is told when it is swept', async (p) => {
    const { store, other, fixture } = p;
    const { run } = await claimed(other);
    await using watch = watched(store, run.id);
    await watch.next();
    await fixture.clock.advance(leaseMs + 1);
    await other.sweep();
    do await watch.next();
    while ((await store.readRun({ id: run.id }))?.state !== 'stopped');
  });

  storeTest(factory, 'a watch ends with its signal, also while it waits', async ({ store }) => {
    const leaving = new AbortController();
    const watch = store.watch({ signal: leaving.signal });
    await watch.next();
    const waiting = watch.next();
    leaving.abort();
    assert.equal((await waiting).done, true);
    assert.equal((await store.watch({ signal: leaving.signal }).next()).done, true);
  });
}

interface Watched extends AsyncDisposable {
  next(): Promise<ChangeNotice | undefined>;
}

function watched(store: RunStore, run?: RunId): Watched {
  const leaving = new AbortController();
  const notices = store.watch({ ...(run === undefined ? {} : { run }), signal: leaving.signal });
  return {
    async next() {
      const { promise, reject } = Promise.withResolvers<never>();
      const timer = setTimeout(() => reject(new Error(`no notice for ${patienceMs} ms`)), patienceMs);
      try {
        return (await Promise.race([notices.next(), promise])).value ?? undefined;
      } finally {
        clearTimeout(timer);
      }
    },
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await notices.return(undefined);
    },
  };
}
