// Three members of etcd, and processes that work on runs while members, connections and clocks fail.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { jobName, type RunId, runId, subjectName } from '../../src/core/ids.ts';
import { assertEndedOnce } from '../control/chaos-series.ts';
import { openStoreOf, useEtcd } from '../control/store-of.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { openNamespace, requiresNamespaces } from '../support/network-namespace.ts';
import { startRelay } from '../support/relay.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const leaseMs = 3_000;
const patienceMs = 240_000;

describe('on three members of etcd', { skip: requires('etcd') }, () => {
  let etcd: RunningEtcd;
  let farms = 0;
  before(async () => {
    etcd = await startEtcd({ members: 3 });
  });
  after(async () => {
    await etcd[Symbol.asyncDispose]();
  });

  async function withRun(
    body: (p: {
      readonly folder: TemporaryFolder;
      readonly store: RunStore;
      readonly id: RunId;
    }) => Promise<void>,
  ) {
    await using folder = await temporaryFolder('cluster');
    await useEtcd(folder.path, { endpoints: etcd.endpoints, prefix: `/cluster${farms++}/` });
    await using store = await openStoreOf(folder.path, clock);
    const id = runId(jobName('dump'), subjectName('a'), '20260101');
    await store.createRun({ id });
    await body({ folder, store, id });
  }

  it('a leader that is killed while many write loses nothing and does nothing twice', async () => {
    await withRun(async ({ folder }) => {
      const place = JSON.parse(await readFile(folder.in('etcd.json'), 'utf8'));
      await using store = await openEtcdStore({ ...place, clock, patienceMs: 60_000 });
      const leader = etcd.members[await etcd.leader()];
      const key = 'schedule';
      let at: Date | undefined;
      const move = async () => {
        const to = new Date((at?.getTime() ?? 0) + 1);
        // Each move is by compare and set: one that was done twice, or whose answer was lost, would be refused.
        assert.equal(await store.moveDue({ key, from: at, to }), true);
        at = to;
      };
      for (let i = 0; i < 30; i++) await move();
      const killed = leader?.kill();
      for (let i = 0; i < 60; i++) await move();
      await killed;
      await leader?.start();
      await etcd.ready();
      assert.deepEqual(await store.readDue({ key }), new Date(90));
    });
  });

  it('without a quorum work stops and nothing is published; with it the run goes on by itself', async () => {
    await withRun(async ({ folder, store, id }) => {
      const child = await startWorking(store, folder.path, id, { pieceMs: 300 }, 2);
      const lost = etcd.members.slice(1);
      await Promise.all(lost.map((member) => member.kill()));
      const place = JSON.parse(await readFile(folder.in('etcd.json'), 'utf8'));
      await assert.rejects(
        openEtcdStore({ ...place, clock, requestTimeoutMs: 1_000, patienceMs: 2_000 }),
        (e) => isRotaError(e, 'STORE_UNAVAILABLE') && /no quorum/.test(e.message),
      );
      const [code] = await exitOf(child);
      assert.equal(code, 1);
      await Promise.all(lost.map((member) => member.start()));
      await etcd.ready();
      assert.equal(await store.readPointer({ key: `published/${id}` }), undefined);
      await finish(store, folder.path, id);
    });
  });

  it('a member that stands still is passed over', async () => {
    await withRun(async ({ folder, store, id }) => {
      const member = etcd.members[await etcd.leader()];
      const child = await startWorking(store, folder.path, id, { pieceMs: 300 }, 1);
      member?.signal('SIGSTOP');
      try {
        await exitOf(child);
        await finish(store, folder.path, id);
      } finally {
        member?.signal('SIGCONT');
      }
      await etcd.ready();
    });
  });

  // These leave the members alone, and mostly wait for leases to end.
  describe('while they are well', { concurrency: 3 }, () => {
    it('a worker that is cut off stops by itself, and another ends its run', async () => {
      await withRun(async ({ folder, store, id }) => {
        await using relay = await startRelay(etcd.members[0]?.port ?? 0);
        const child = await startWorking(
          store,
          folder.path,
          id,
          { pieceMs: 300, endpoints: [`http://127.0.0.1:${relay.port}`] },
          2,
        );
        relay.cut();
        await endsAsLost(child, folder);
        await finish(store, folder.path, id);
        relay.mend();
        await assertEndedOnce(store, id);
      });
    });

    it('a worker on a host whose cable is pulled stops by itself, and another ends its run', async (t) => {
      const reason = await requiresNamespaces();
      if (reason !== false) return t.skip(reason);
      await withRun(async ({ folder, store, id }) => {
        await using namespace = await openNamespace();
        await using relay = await startRelay(etcd.members[0]?.port ?? 0, namespace.hostAddress);
        const endpoints = [`http://${namespace.hostAddress}:${relay.port}`];
        const child = await startWorking(
          store,
          folder.path,
          id,
          { pieceMs: 300, endpoints, within: namespace.command },
          2,
        );
        await namespace.setLink('down');
        await endsAsLost(child, folder);
        await finish(store, folder.path, id);
      });
    });

    it('clocks that are wrong by minutes neither take a lease from its holder nor keep it', async () => {
      await withRun(async ({ folder, store, id }) => {
        const ahead = start(folder.path, id, { pieceMs: 6_000, skewMs: 5 * 60_000 });
        assert.ok(await said(ahead, 'run-started', 1));
        // Behind by minutes, then right: neither may take it.
        for (const skewMs of [-5 * 60_000, 0]) {
          const other = start(folder.path, id, { skewMs });
          const [code] = await exitOf(other);
          assert.equal(code, 75);
        }
        const guard = (await store.readLease({ key: `run/${id}` }))?.token;
        assert.equal(guard, '1.1');
        ahead.kill('SIGKILL');
        await exitOf(ahead);
        const behind = -7 * 60_000;
        await finish(store, folder.path, id, behind);
      });
    });
  });
});

interface ChildOptions {
  readonly pieceMs?: number;
  readonly endpoints?: readonly string[];
  readonly within?: readonly string[];
  readonly skewMs?: number;
}

function start(folder: string, id: RunId, options: ChildOptions): ChildProcess {
  const { within = [], endpoints, pieceMs = 20, skewMs = 0 } = options;
  const script = join(import.meta.dirname, '../control/run-child.ts');
  const [file = '', ...args] = [...within, process.execPath, script, folder, id, `${pieceMs}`, `${leaseMs}`];
  return spawn(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ROTA_TEST_SKEW_MS: `${skewMs}`,
      ...(endpoints === undefined ? {} : { ROTA_TEST_ENDPOINTS: endpoints.join(',') }),
    },
  });
}

/** A process that has committed so many pieces; on a busy machine one may lose its lease before, as it should. */
async function startWorking(
  store: RunStore,
  folder: string,
  id: RunId,
  options: ChildOptions,
  pieces: number,
): Promise<ChildProcess> {
  const untilMs = clock.monotonicMs() + patienceMs;
  for (;;) {
    const child = start(folder, id, options);
    if (await said(child, 'piece-committed', pieces)) return child;
    await exitOf(child);
    assert.ok(clock.monotonicMs() < untilMs, `${id} was never worked on for long enough`);
    const run = await store.readRun({ id });
    if (run?.state === 'failed' || run?.state === 'retrying') await store.resumeRun({ id, by: 'test' });
    await store.sweep();
    await clock.sleep(200);
  }
}

/** Whether the child has said a line so many times before it ended. */
async function said(child: ChildProcess, line: string, times: number): Promise<boolean> {
  assert.ok(child.stdout);
  let seen = 0;
  const lines = createInterface({ input: child.stdout });
  for await (const text of lines) {
    if (text !== line || ++seen < times) continue;
    child.stdout.resume();
    return true;
  }
  return false;
}

async function exitOf(child: ChildProcess): Promise<readonly [number | null, NodeJS.Signals | null]> {
  child.stdout?.resume();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return [child.exitCode, child.signalCode];
}

async function endsAsLost(child: ChildProcess, folder: TemporaryFolder): Promise<void> {
  const [code] = await exitOf(child);
  assert.equal(code, 1);
  assert.match(await readFile(folder.in('ends'), 'utf8'), / LEASE_LOST$/m);
}

/** Takes the run up again as workers do, as soon as it can be had, until it has ended. */
async function finish(store: RunStore, folder: string, id: RunId, skewMs = 0): Promise<void> {
  const untilMs = clock.monotonicMs() + patienceMs;
  for (;;) {
    const run = await store.readRun({ id });
    if (run?.state === 'done') break;
    assert.ok(clock.monotonicMs() < untilMs, `${id} is still ${run?.state} (${run?.error?.message})`);
    // Whether a worker that found no quorum could still write how its run ended, and as what, is left to chance.
    if (run?.state === 'failed' || run?.state === 'retrying') await store.resumeRun({ id, by: 'test' });
    await store.sweep();
    const [code] = await exitOf(start(folder, id, { skewMs }));
    if (code === 75) await clock.sleep(200);
  }
  await assertEndedOnce(store, id);
}
