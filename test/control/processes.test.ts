import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { runWorker, type WorkerEvent } from '../../src/control/run-worker.ts';
import { spawnRun } from '../../src/control/spawn-run.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { jobName, type RunId, runId, subjectName } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { stopBetweenWrites } from '../support/stop-between-writes.ts';

const job = jobName('dump');
/** Of those that die or are stopped: long enough that a busy machine loses none before. */
const leaseMs = 6_000;
/** Of all others: however busy the machine is. */
const longLeaseMs = 60_000;
const runChild = join(import.meta.dirname, 'run-child.ts');
const holder = { host: 'test', pid: process.pid, startedAt: new Date() };
const allPieces = Array.from({ length: 12 }, (_, i) => `piece ${i}\n`).join('');

function id(subject: string, date = '20260101'): RunId {
  return runId(job, subjectName(subject), date);
}

async function withStore(body: (store: RunStore, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-processes-'));
  try {
    await using store = await openSqliteStore({ file: join(folder, 'rota.db'), clock: systemClock });
    await body(store, folder);
  } finally {
    // A process that is just ending may still be making files of the store.
    await rm(folder, { recursive: true, maxRetries: 10 });
  }
}

function start(script: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Resolves when the child has said a line so many times. */
async function said(child: ChildProcess, line: string, times = 1): Promise<void> {
  assert.ok(child.stdout);
  let seen = 0;
  for await (const text of createInterface({ input: child.stdout }))
    if (text === line && ++seen === times) return;
  assert.fail(`the child ended without saying ${line} ${times} times`);
}

/** The timeout of the test ends what never comes. */
async function until(store: RunStore, id: RunId, states: readonly string[]): Promise<void> {
  while (!states.includes((await store.readRun({ id }))?.state ?? '')) await systemClock.sleep(20);
}

async function worker(
  store: RunStore,
  folder: string,
  signal: AbortSignal,
  onEvent?: (event: WorkerEvent) => void,
  pieceMs: () => number = () => 50,
  leaseOfAllMs = longLeaseMs,
) {
  await runWorker({
    store,
    claims: async () => ({ jobs: new Map([[job, 2]]), slotLimits: {}, resumeWithinMs: {} }),
    spawnRun: (claimed) =>
      spawnRun({
        claimed,
        argv: [process.execPath, runChild, folder, claimed.run.id, `${pieceMs()}`, `${leaseOfAllMs}`],
        env: process.env,
      }),
    holder,
    clock: systemClock,
    log: silentLog,
    signal,
    leaseMs: leaseOfAllMs,
    pollMs: 100,
    once: true,
    ...(onEvent === undefined ? {} : { onEvent }),
  });
}

test('processes on one file share the runs: each is done once, never more than the slots at once', {
  timeout: 240_000,
}, async () => {
  await withStore(async (store, folder) => {
    for (let i = 0; i < 40; i++) await store.createRun({ id: id(`w${i}`), slots: ['dumps'] });
    const children = [1, 2, 3].map(() =>
      start(join(import.meta.dirname, 'contend-child.ts'), join(folder, 'rota.db')),
    );
    const lines: string[] = [];
    await Promise.all(
      children.map(async (child) => {
        assert.ok(child.stdout);
        for await (const line of createInterface({ input: child.stdout })) lines.push(line);
      }),
    );
    const did = lines.filter((line) => line.startsWith('did '));
    assert.deepEqual(
      lines.filter((line) => line.startsWith('too many')),
      [],
    );
    assert.equal(did.length, 40);
    assert.equal(new Set(did).size, 40);
    assert.equal((await store.listRuns({ states: ['done'] })).length, 40);
  });
});

test('a worker starts a process for each run, which works under the lease that was claimed for it', {
  timeout: 240_000,
}, async () => {
  await withStore(async (store, folder) => {
    for (const subject of ['a', 'b']) await store.createRun({ id: id(subject) });
    const pids: (number | undefined)[] = [];
    await worker(store, folder, new AbortController().signal, (event) => {
      if (event.type === 'claimed') pids.push(event.pid);
    });
    for (const [i, subject] of ['a', 'b'].entries()) {
      const run = await store.readRun({ id: id(subject) });
      assert.equal(run?.state, 'done');
      assert.equal(run?.holder?.pid, pids[i]);
      const pointer = (await store.readPointer({ key: `published/${id(subject)}` })) as {
        text: string;
        token: string;
      };
      assert.equal(pointer.text, allPieces);
      // One claim, one token: the child did not claim again.
      assert.equal(pointer.token, '1.1');
    }
  });
});

test('a process that is killed is followed by another within lease + 2 s, which keeps its pieces', {
  timeout: 240_000,
}, async () => {
  await withStore(async (store, folder) => {
    await store.createRun({ id: id('a') });
    // Slow pieces: it is killed in the middle, also where the news of the third arrives late.
    const child = start(runChild, folder, id('a'), '1000', `${leaseMs}`);
    await said(child, 'piece-committed', 3);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const kept = await store.listCommitted({ run: id('a'), epoch: 1, stage: 'write' });
    const killedMs = systemClock.monotonicMs();
    // When the last vain attempt began: how long a busy machine takes for one says nothing.
    let refusedMs = 0;
    for (;;) {
      const attemptMs = systemClock.monotonicMs() - killedMs;
      const claimed = await store.claimNextRun({
        jobs: [job],
        holder,
        leaseMs,
        slotLimits: {},
        resumeWithinMs: {},
      });
      if (claimed !== undefined) {
        await store.endRun({ guard: claimed.guard, ending: { state: 'waiting' } });
        break;
      }
      refusedMs = attemptMs;
      await systemClock.sleep(50);
    }
    assert.ok(refusedMs <= leaseMs + 2_000, `not to be had ${refusedMs} ms after the kill`);
    await worker(store, folder, new AbortController().signal);
    assert.equal((await store.readRun({ id: id('a') }))?.state, 'done');
    const after = await store.listCommitted({ run: id('a'), epoch: 1, stage: 'write' });
    for (const piece of kept)
      assert.deepEqual(
        after.find((p) => p.id === piece.id),
        piece,
      );
    const pointer = (await store.readPointer({ key: `published/${id('a')}` })) as { text: string };
    assert.equal(pointer.text, allPieces);
  });
});

test('a worker whose child is killed gives the run to the next child at once', {
  timeout: 240_000,
}, async () => {
  await withStore(async (store, folder) => {
    await store.createRun({ id: id('a') });
    let kills = 0;
    const ends: (string | null)[] = [];
    await worker(
      store,
      folder,
      new AbortController().signal,
      (event) => {
        if (event.type === 'claimed' && kills++ < 2) {
          const { pid } = event;
          assert.ok(pid);
          setTimeout(() => process.kill(pid, 'SIGKILL'), 300);
        }
        if (event.type === 'child-ended') ends.push(event.signal);
      },
      // Those that are killed would not come to their end, however late the blow falls.
      () => (kills < 2 ? 600_000 : 50),
      // The run is free at once, pieces that the dead had begun with the end of their leases.
      leaseMs,
    );
    assert.deepEqual(ends, ['SIGKILL', 'SIGKILL', null]);
    assert.equal((await store.readRun({ id: id('a') }))?.state, 'done');
  });
});

test('a process that was stopped and wakes up late finds its lease lost and writes nothing', {
  timeout: 240_000,
}, async () => {
  await withStore(async (store, folder) => {
    await store.createRun({ id: id('a') });
    const child = start(runChild, folder, id('a'), '1000', `${leaseMs}`);
    const exited = once(child, 'exit');
    await said(child, 'piece-committed', 3);
    await stopBetweenWrites(join(folder, 'rota.db'), (name) => child.kill(name));
    try {
      await systemClock.sleep(leaseMs + 100);
      await worker(store, folder, new AbortController().signal);
      assert.equal((await store.readRun({ id: id('a') }))?.state, 'done');
    } finally {
      child.kill('SIGCONT');
    }
    child.stdout?.resume();
    const [code] = await exited;
    assert.equal(code, 1);
    assert.match(await readFile(join(folder, 'ends'), 'utf8'), new RegExp(`^${child.pid} LEASE_LOST$`, 'm'));
    const transitions = await store.listTransitions({ id: id('a') });
    const lastToken = transitions.at(-1)?.token;
    assert.equal(lastToken, '1.2');
    assert.equal(transitions.filter((t) => t.to === 'done' && t.stage === undefined).length, 1);
    const pointer = (await store.readPointer({ key: `published/${id('a')}` })) as {
      text: string;
      token: string;
    };
    assert.deepEqual(pointer, { text: allPieces, token: '1.2' });
  });
});

test('SIGTERM of a worker gives its runs back, and the next worker ends them', {
  timeout: 240_000,
}, async () => {
  await withStore(async (store, folder) => {
    await store.createRun({ id: id('a') });
    const stop = new AbortController();
    const working = worker(store, folder, stop.signal, undefined, () => 1_500);
    await until(store, id('a'), ['running']);
    for (;;) {
      const pieces = await store.listCommitted({ run: id('a'), epoch: 1, stage: 'write' });
      if (pieces.length > 0) break;
      await systemClock.sleep(20);
    }
    stop.abort();
    await working;
    const run = await store.readRun({ id: id('a') });
    assert.equal(run?.state, 'waiting');
    assert.equal(run?.stops, 0);
    await worker(store, folder, new AbortController().signal);
    assert.equal((await store.readRun({ id: id('a') }))?.state, 'done');
  });
});

test('pause and cancel reach a running process; the exit switch ends a worker', {
  timeout: 240_000,
}, async () => {
  await withStore(async (store, folder) => {
    await store.createRun({ id: id('a') });
    await store.createRun({ id: id('b') });
    // Pieces that would take longer than the test: what ends them is the request.
    const working = worker(store, folder, new AbortController().signal, undefined, () => 600_000);
    await Promise.all([until(store, id('a'), ['running']), until(store, id('b'), ['running'])]);
    await store.requestRun({ id: id('a'), request: 'pause', by: 'anna' });
    await store.requestRun({ id: id('b'), request: 'cancel', by: 'anna' });
    await Promise.all([until(store, id('a'), ['paused']), until(store, id('b'), ['cancelled'])]);
    await working;
    await store.setExit({ exit: true, by: 'anna' });
    await store.resumeRun({ id: id('a'), by: 'anna' });
    await worker(store, folder, new AbortController().signal);
    assert.equal((await store.readRun({ id: id('a') }))?.state, 'waiting');
  });
});
