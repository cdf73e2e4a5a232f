import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { systemClock as clock } from '../../src/core/clock.ts';
import { jobName, runId, subjectName } from '../../src/core/ids.ts';
import { type BenchPlace, openBenchStore } from './bench-store.ts';

/** Milliseconds from the SIGKILL of the process that holds a run to another's claim of it, which asks all the time. */
export async function takeOverMs(place: BenchPlace, leaseMs: number): Promise<number> {
  await using store = await openBenchStore(place);
  const job = jobName('dump');
  await store.createRun({ id: runId(job, subjectName('w'), '20260101') });
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'hold-child.ts'), JSON.stringify(place), String(leaseMs)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  const killedMs = clock.monotonicMs();
  const holder = { host: 'bench', pid: process.pid, startedAt: new Date() };
  for (;;) {
    const claimed = await store.claimNextRun({
      jobs: [job],
      holder,
      leaseMs,
      slotLimits: {},
      resumeWithinMs: {},
    });
    if (claimed !== undefined) return clock.monotonicMs() - killedMs;
    await clock.sleep(20);
  }
}
