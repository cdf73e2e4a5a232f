import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { RunStore } from '../../../src/control/store/run-store.ts';
import { systemClock as clock } from '../../../src/core/clock.ts';
import { isRotaError } from '../../../src/core/errors/rota-error.ts';
import type { RunId } from '../../../src/core/ids.ts';
import { randomOf } from '../../support/random.ts';
import { signalTree, startRota } from '../../support/rota.ts';
import { beginDay, type ChaosFarm, leaseMs, type Task } from './chaos-farm.ts';
import type { FarHost } from './far-host.ts';
import { LeaseWatch } from './lease-watch.ts';

export interface Play extends ChaosFarm {
  readonly blows: number;
  readonly seed: number;
  /** What may befall the store itself; when it resolves, all is well again. */
  readonly disturb?: (random: () => number) => Promise<string>;
  /** Where some of the workers are. */
  readonly far?: FarHost | undefined;
}

export interface Played {
  /** Of all days, each run. */
  readonly runs: readonly RunId[];
  readonly days: number;
  /** How often each blow fell. */
  readonly fallen: ReadonlyMap<string, number>;
  /** The longest that a dead process held a lease. */
  readonly longestDeadLeaseMs: number;
}

type Process = ReturnType<typeof startRota> & { readonly isFar?: boolean };

const skewedClock = pathToFileURL(join(import.meta.dirname, '../../support/skewed-clock.mjs')).href;
const processesAtOnce = 4;
const minuteMs = 60_000;

/**
 * Day after day everything is dumped and reported by processes that are killed, stopped, cut off, and whose clocks are
 * wrong, until as many blows have fallen as were asked for and the last day is done.
 */
export async function play(t: TestContext, p: Play): Promise<Played> {
  t.diagnostic(`ROTA_SEED=${p.seed}, ${p.blows} blows`);
  const random = randomOf(p.seed);
  const processes = new Set<Process>();
  const fallen = new Map<string, number>();
  const runs: RunId[] = [];
  const count = () => [...fallen.values()].reduce((sum, n) => sum + n, 0);
  let day = 0;
  await using leases = new LeaseWatch(p.store);
  try {
    while (count() < p.blows) {
      const tasks = await beginDay(p.farm.folder, ++day);
      const ofDay = tasks.flatMap((task) => task.runs);
      leases.runs = ofDay;
      for (let open: readonly RunId[] = ofDay; open.length > 0; ) {
        for (const task of tasks) {
          // Often two for the same: one is refused, and there when the other dies.
          if (task.runs.some((run) => open.includes(run)) && processes.size < processesAtOnce) {
            start(p, task, random, processes);
          }
        }
        await clock.sleep(150 + random() * 750);
        if (count() < p.blows) {
          const blow = await strike(random, [...processes], p, leases);
          if (blow !== undefined) fallen.set(blow, (fallen.get(blow) ?? 0) + 1);
        }
        open = await unfinished(p.store, open);
      }
      runs.push(...ofDay);
    }
    await Promise.all(processes);
  } finally {
    for (const child of processes) {
      signalTree(child, 'SIGCONT');
      signalTree(child, 'SIGKILL');
    }
  }
  return { runs, days: day, fallen, longestDeadLeaseMs: leases.longestMs };
}

function start(p: Play, task: Task, random: () => number, processes: Set<Process>): void {
  const far = random() < 1 / 3 ? p.far : undefined;
  const skewMs = random() < 1 / 4 ? Math.round((random() * 20 - 10) * minuteMs) : 0;
  const child = startRota(task.args, {
    cwd: p.farm.folder,
    timeoutMs: 600_000,
    env: {
      ...(far === undefined ? {} : { ROTA_CONFIG: far.config }),
      ...(skewMs === 0 ? {} : { NODE_OPTIONS: `--import=${skewedClock}`, ROTA_TEST_SKEW_MS: String(skewMs) }),
    },
    ...(far === undefined ? {} : { within: far.command }),
  });
  processes.add(child);
  void child.then(() => processes.delete(child));
}

/** What fell, if anything did. */
async function strike(
  random: () => number,
  victims: readonly Process[],
  p: Play,
  leases: LeaseWatch,
): Promise<string | undefined> {
  if (p.disturb !== undefined && random() < 0.05) {
    const what = await p.disturb(random);
    leases.restart();
    return what;
  }
  if (p.far !== undefined && random() < 0.05) {
    await p.far.setLink('down');
    // Shorter and longer than a lease.
    await clock.sleep(random() * 2 * leaseMs);
    await p.far.setLink('up');
    return 'cut off';
  }
  const victim = victims[Math.floor(random() * victims.length)];
  if (victim === undefined) return undefined;
  if (random() < 0.5) {
    signalTree(victim, 'SIGKILL');
    return 'SIGKILL';
  }
  signalTree(victim, 'SIGSTOP');
  setTimeout(() => signalTree(victim, 'SIGCONT'), random() * 2 * leaseMs);
  return 'SIGSTOP';
}

/** Looks after the dead as a monitor does; what they made a run wait for need not be waited for here. */
async function unfinished(store: RunStore, ids: readonly RunId[]): Promise<readonly RunId[]> {
  try {
    await store.sweep();
    const open: RunId[] = [];
    for (const id of ids) {
      const run = await store.readRun({ id });
      if (run?.state === 'done') continue;
      open.push(id);
      if (run === undefined || run.state === 'running') continue;
      if (run.state === 'failed' && !/^STORE_|^LEASE_/.test(run.error?.code ?? '')) {
        throw new Error(`${id} failed: ${run.error?.code}: ${run.error?.message}`);
      }
      if (run.state === 'failed' || run.retryAt !== undefined) await store.resumeRun({ id, by: 'chaos' });
    }
    return open;
  } catch (error) {
    if (isRotaError(error, 'STORE_UNAVAILABLE', 'STORE_BUSY', 'RUN_STATE')) return ids;
    throw error;
  }
}
