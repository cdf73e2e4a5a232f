import type { RunStore } from '../../src/control/store/run-store.ts';
import { jobName } from '../../src/core/ids.ts';
import { median } from '../measure/statistics.ts';
import { type BenchPlace, openBenchStore } from './bench-store.ts';
import { fillWithWaitingRuns } from './fill.ts';

const rounds = 9;
const job = jobName('full-dump');

/** Milliseconds (medians) of what workers and `rota status` ask, with one waiting run for each of so many subjects. */
export async function askedOfMany(
  place: BenchPlace,
  subjects: number,
): Promise<Readonly<Record<string, number>>> {
  await fillWithWaitingRuns(place, job, subjects);
  await using store = await openBenchStore(place);
  return {
    'claim of the next run': await tookMs(() => claim(store)),
    'list of the newest 100': await tookMs(() => store.listRuns({ limit: 100 })),
    'list of what runs or failed': await tookMs(() => store.listRuns({ states: ['running', 'failed'] })),
    'sweep for expired leases': await tookMs(() => store.sweep()),
    'latest run of every subject, asked first': await onceMs(() => store.listLatestRuns({ job })),
    'latest run of every subject, after that': await tookMs(() => store.listLatestRuns({ job })),
  };
}

function claim(store: RunStore): Promise<unknown> {
  const holder = { host: 'bench', pid: process.pid, startedAt: new Date() };
  return store.claimNextRun({
    jobs: [job],
    holder,
    leaseMs: 30_000,
    slotLimits: { dumps: 1000 },
    resumeWithinMs: {},
  });
}

async function tookMs(action: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await onceMs(action));
  return median(times);
}

async function onceMs(action: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await action();
  return performance.now() - startedMs;
}
