import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { compareTokens } from '../../src/control/store/lease.ts';
import type { RunStore } from '../../src/control/store/run-store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { jobName, type RunId, runId, subjectName } from '../../src/core/ids.ts';
import { randomOf } from '../support/random.ts';
import { openStoreOf } from './store-of.ts';

export interface ChaosOptions {
  /** Shared by the processes; names their store. */
  readonly folder: string;
  readonly leaseMs: number;
  readonly blows: number;
  readonly seed: number;
  /** Something else that may go wrong, with a chance of one in eight at each blow. */
  readonly disturb?: (random: () => number) => Promise<void>;
}

/** How many blows fall when nobody says otherwise; a repeated series needs its seed. */
export const chaosBlows = Number(process.env.ROTA_CHAOS_BLOWS ?? 12);
export const chaosSeed = Number(process.env.ROTA_SEED ?? Date.now() % 1_000_000);

const job = jobName('dump');
export const allPieces = Array.from({ length: 12 }, (_, i) => `piece ${i}\n`).join('');

/**
 * Kills and stops workers' processes at random moments until every run has ended, then looks whether each ended once,
 * with all its pieces, and whether nothing was taken from a process that had lost its lease.
 */
export async function chaosSeries(t: TestContext, p: ChaosOptions): Promise<void> {
  t.diagnostic(`ROTA_SEED=${p.seed}, ${p.blows} blows`);
  const random = randomOf(p.seed);
  const children = new Set<ChildProcess>();
  try {
    await using store = await openStoreOf(p.folder, systemClock);
    const ids = ['a', 'b', 'c'].map((subject) => runId(job, subjectName(subject), '20260101'));
    for (const id of ids) await store.createRun({ id });
    const start = (id: RunId) => {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'run-child.ts'), p.folder, id, '60', `${p.leaseMs}`],
        { stdio: 'ignore' },
      );
      children.add(child);
      child.once('exit', () => children.delete(child));
    };
    for (let fallen = 0; ; ) {
      // A store that cannot be reached for a while is part of it.
      const state = await lookAt(store, ids, random, fallen >= p.blows).catch((error) => {
        if (isRotaError(error, 'STORE_UNAVAILABLE')) return 'unknown' as const;
        throw error;
      });
      if (state === 'over') break;
      if (state !== 'unknown') for (const id of state) if (children.size < 4) start(id);
      await systemClock.sleep(300 + random() * 500);
      if (fallen >= p.blows) continue;
      if (p.disturb !== undefined && random() < 1 / 8) {
        await p.disturb(random);
        fallen++;
        continue;
      }
      const victim = [...children][Math.floor(random() * children.size)];
      if (victim?.pid === undefined) continue;
      fallen++;
      if (random() < 0.5) victim.kill('SIGKILL');
      else {
        victim.kill('SIGSTOP');
        setTimeout(() => victim.kill('SIGCONT'), random() * 2 * p.leaseMs);
      }
    }
    for (const id of ids) await assertEndedOnce(store, id);
  } finally {
    for (const child of children) {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
    }
  }
}

/** The runs that want a process; begins one anew when all have ended too soon. */
async function lookAt(
  store: RunStore,
  ids: readonly RunId[],
  random: () => number,
  isEnough: boolean,
): Promise<readonly RunId[] | 'over'> {
  const unfinished = (await store.listRuns({ job })).filter((run) => run.state !== 'done');
  if (unfinished.length === 0) {
    if (isEnough) return 'over';
    const again = ids[Math.floor(random() * ids.length)];
    if (again !== undefined) await store.restartRun({ id: again, by: 'chaos' });
    return [];
  }
  await store.sweep();
  for (const run of unfinished) {
    // A store that went away may make a stage be tried again.
    const expected = ['waiting', 'running', 'stopped', 'retrying', 'failed'];
    assert.ok(expected.includes(run.state), `${run.id} is ${run.state}`);
    if (run.state === 'failed') {
      assert.match(run.error?.code ?? '', /^STORE_|^LEASE_/, `${run.id} failed: ${run.error?.message}`);
      await store.resumeRun({ id: run.id, by: 'chaos' });
    } else if (run.retryAt !== undefined && run.state !== 'running') {
      // Deaths are the test's own doing: the run need not wait for them.
      await store.resumeRun({ id: run.id, by: 'chaos' }).catch((error) => {
        if (!isRotaError(error, 'RUN_STATE')) throw error;
      });
    }
  }
  return unfinished.map((run) => run.id);
}

export async function assertEndedOnce(store: RunStore, id: RunId): Promise<void> {
  const run = await store.readRun({ id });
  const pointer = (await store.readPointer({ key: `published/${id}` })) as { text: string; token: string };
  assert.equal(pointer.text, allPieces);
  const all = await store.listTransitions({ id });
  const transitions = all.filter((transition) => transition.epoch === run?.epoch);
  const ends = transitions.filter((transition) => transition.stage === undefined && transition.to === 'done');
  assert.equal(ends.length, 1);
  // No stage was finished twice.
  for (const stage of ['write', 'publish']) {
    const finished = transitions.filter((other) => other.stage === stage && other.to === 'done');
    assert.equal(finished.length, 1);
    // Who dies between the end of the last stage and that of the run has published: another only ends the run.
    if (stage === 'publish') assert.equal(pointer.token, finished[0]?.token);
  }
  assert.ok(compareTokens(pointer.token, ends[0]?.token ?? '') <= 0);
  assertTokensRise(all.flatMap((transition) => transition.token ?? []));
}

/** Nothing was accepted from a token after a later one had been seen. */
export function assertTokensRise(tokens: readonly string[]): void {
  for (const [i, token] of tokens.entries()) {
    const before = tokens[i - 1];
    if (before !== undefined)
      assert.ok(compareTokens(before, token) <= 0, `${token} was accepted after ${before}`);
  }
}
