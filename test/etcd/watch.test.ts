// What shows the farm live hears of changes by etcd's watch, and goes on hearing of them whatever is lost on the way.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Writer } from '../../src/control/store/etcd/client/protobuf.ts';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { claimed, id } from '../../src/control/store/testing/store-fixture.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import type { RotaError } from '../../src/core/errors/rota-error.ts';
import { followRun } from '../../src/operations/runs/follow-run.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { startGrpcRelay } from '../support/grpc-relay.ts';
import { startRelay } from '../support/relay.ts';
import { requires } from '../support/requirements.ts';

describe('a watch on three members of etcd', { skip: requires('etcd') }, () => {
  let etcd: RunningEtcd;
  before(async () => {
    etcd = await startEtcd({ members: 3 });
  });
  after(async () => {
    await etcd[Symbol.asyncDispose]();
  });

  let farms = 0;
  /** A store for those who write, and one for who watches, by a way of its own. */
  async function withStores(
    endpoints: readonly string[],
    body: (writer: RunStore, watcher: RunStore) => Promise<void>,
    patienceMs = 60_000,
  ): Promise<void> {
    const place = { prefix: `/watch${farms++}/`, clock, requestTimeoutMs: 1_000 };
    await using writer = await openEtcdStore({ ...place, endpoints: etcd.endpoints, patienceMs: 60_000 });
    await using watcher = await openEtcdStore({ ...place, endpoints, patienceMs });
    await body(writer, watcher);
  }

  it('goes on at another member when nothing comes any more from the one it hangs on', async () => {
    await using relay = await startRelay(etcd.members[0]?.port ?? 0);
    await withStores([`http://127.0.0.1:${relay.port}`, etcd.endpoints[1] ?? ''], async (writer, watcher) => {
      const leaving = new AbortController();
      const watch = watcher.watch({ signal: leaving.signal });
      await watch.next();
      relay.cut();
      await writer.createRun({ id: id('frwiki') });
      assert.equal((await watch.next()).value?.kind, 'opened', 'what was missed is read anew');
      await writer.createRun({ id: id('dewiki') });
      assert.equal((await watch.next()).value?.kind, 'changed');
      leaving.abort();
    });
  });

  it('begins anew, with a full read, when what it was to tell next was compacted away', async () => {
    await using relay = await startGrpcRelay(etcd.endpoints[0] ?? '');
    await withStores([relay.endpoint], async (writer, watcher) => {
      const leaving = new AbortController();
      const watch = watcher.watch({ signal: leaving.signal });
      await watch.next();
      await writer.createRun({ id: id('frwiki') });
      assert.equal((await watch.next()).value?.kind, 'changed');
      const status = JSON.parse(await etcd.ctl('endpoint', 'status', '-w', 'json'));
      const compact = () => etcd.ctl('compact', String(status[0].Status.header.revision));
      await Promise.all([compact(), writer.createRun({ id: id('dewiki') })]);
      relay.interject('/Watch', givenUp(status[0].Status.header.revision));
      let isAnew = false;
      while (!isAnew) isAnew = (await watch.next()).value?.kind === 'opened';
      assert.equal((await watcher.listRuns({})).length, 2);
      await writer.createRun({ id: id('eswiki') });
      assert.equal((await watch.next()).value?.kind, 'changed');
      leaving.abort();
    });
  });

  it('outlives the member that it hangs on', async () => {
    const endpoints = etcd.endpoints.toReversed();
    await withStores(endpoints, async (writer, watcher) => {
      const leaving = new AbortController();
      const watch = watcher.watch({ signal: leaving.signal });
      await watch.next();
      const lost = etcd.members.at(-1);
      await lost?.kill();
      assert.equal((await watch.next()).value?.kind, 'opened');
      await writer.createRun({ id: id('frwiki') });
      assert.equal((await watch.next()).value?.kind, 'changed');
      leaving.abort();
      await lost?.start();
      await etcd.ready();
    });
  });

  it('who follows a run says that the quorum is lost, and goes on to its end when it is back', async () => {
    const patienceMs = 2_000;
    await withStores(
      etcd.endpoints,
      async (writer, watcher) => {
        const { guard, run } = await claimed(writer);
        const details = await watcher.readRun({ id: run.id });
        assert.ok(details);
        const away: RotaError[] = [];
        const isAway = Promise.withResolvers<void>();
        const events: string[] = [];
        const following = (async () => {
          const { signal } = new AbortController();
          const onStoreAway = (error: RotaError) => {
            away.push(error);
            isAway.resolve();
          };
          const p = { store: watcher, clock, run: details, signal, onStoreAway, newLogLines: async () => [] };
          for await (const event of followRun(p)) events.push(event.type);
        })();
        const lost = etcd.members.slice(1);
        await Promise.all(lost.map((member) => member.kill()));
        await isAway.promise;
        await Promise.all(lost.map((member) => member.start()));
        await etcd.ready();
        await writer.putStage({ guard, stage: 'spool', position: 1, change: { state: 'running' } });
        await writer.endRun({ guard, ending: { state: 'done' } });
        await following;
        assert.deepEqual(
          away.map((error) => error.code),
          ['STORE_UNAVAILABLE'],
          'said once',
        );
        assert.equal(events[0], 'run-started');
        assert.equal(events.at(-1), 'run-ended');
      },
      patienceMs,
    );
  });
});

/** What a member says of a watch that it gives up, because the revision that it was to tell next has gone. */
function givenUp(compacted: number): Buffer {
  const answer = new Writer();
  answer.flag(4, true);
  answer.number(5, compacted);
  return answer.bytes;
}
