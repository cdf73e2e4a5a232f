/**
 * Kills and stops workers' processes at random moments until every run has ended. ROTA_CHAOS_BLOWS sets how many blows
 * fall (12 by default, npm run test:long wants more), ROTA_SEED repeats a series of them.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteStore } from '../../src/control/store/sqlite/open-sqlite-store.ts';
import { systemClock } from '../../src/core/clock.ts';
import { jobName, runId, subjectName } from '../../src/core/ids.ts';

const blows = Number(process.env.ROTA_CHAOS_BLOWS ?? 12);
const seed = Number(process.env.ROTA_SEED ?? Date.now() % 1_000_000);
const job = jobName('dump');
const leaseMs = 900;
const allPieces = Array.from({ length: 12 }, (_, i) => `piece ${i}\n`).join('');

/** Mulberry32: small, seeded, the same everywhere. */
function randomOf(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test(`${blows} blows at random: every run ends, once, with all its pieces`, {
  timeout: 180_000 + blows * 10_000,
}, async (t) => {
  t.diagnostic(`ROTA_SEED=${seed}`);
  const random = randomOf(seed);
  const folder = await mkdtemp(join(tmpdir(), 'rota-chaos-'));
  const children = new Set<ChildProcess>();
  try {
    await using store = await openSqliteStore({ file: join(folder, 'rota.db'), clock: systemClock });
    const ids = ['a', 'b', 'c'].map((subject) => runId(job, subjectName(subject), '20260101'));
    for (const id of ids) await store.createRun({ id });
    const start = (id: string) => {
      const script = join(import.meta.dirname, 'run-child.ts');
      const child = spawn(process.execPath, [script, folder, id, '60', `${leaseMs}`], { stdio: 'ignore' });
      children.add(child);
      child.once('exit', () => children.delete(child));
    };
    let fallen = 0;
    for (;;) {
      const runs = await store.listRuns({ job });
      const unfinished = runs.filter((run) => run.state !== 'done');
      if (unfinished.length === 0) {
        if (fallen >= blows) break;
        // Done too soon: once more from the beginning.
        const again = ids[Math.floor(random() * ids.length)];
        if (again !== undefined) await store.restartRun({ id: again, by: 'chaos' });
        continue;
      }
      await store.sweep();
      for (const run of unfinished) {
        assert.ok(
          ['waiting', 'running', 'stopped'].includes(run.state),
          `${run.id} is ${run.state}: ${run.error?.message}`,
        );
        // Deaths are the test's own doing: the run need not wait for them.
        if (run.retryAt !== undefined) await store.resumeRun({ id: run.id, by: 'chaos' });
        if (children.size < 4) start(run.id);
      }
      await systemClock.sleep(300 + random() * 500);
      const victims = [...children];
      const victim = victims[Math.floor(random() * victims.length)];
      if (fallen >= blows || victim?.pid === undefined) continue;
      fallen++;
      if (random() < 0.5) victim.kill('SIGKILL');
      else {
        victim.kill('SIGSTOP');
        setTimeout(() => victim.kill('SIGCONT'), random() * 2 * leaseMs);
      }
    }
    for (const id of ids) {
      const run = await store.readRun({ id });
      const pointer = (await store.readPointer({ key: `published/${id}` })) as {
        text: string;
        token: string;
      };
      assert.equal(pointer.text, allPieces);
      const transitions = (await store.listTransitions({ id })).filter(
        (transition) => transition.epoch === run?.epoch,
      );
      const ends = transitions.filter(
        (transition) => transition.stage === undefined && transition.to === 'done',
      );
      assert.equal(ends.length, 1);
      assert.equal(pointer.token, ends[0]?.token);
      // No stage was finished twice.
      for (const stage of ['write', 'publish']) {
        assert.equal(transitions.filter((other) => other.stage === stage && other.to === 'done').length, 1);
      }
    }
  } finally {
    for (const child of children) {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
    }
    await rm(folder, { recursive: true, maxRetries: 5 });
  }
});
