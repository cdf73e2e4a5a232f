import type { Clock } from '../core/clock.ts';
import { isRotaError } from '../core/errors/rota-error.ts';
import type { JobName } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { defaultLeaseMs, type Holder } from './store/lease.ts';
import type { ClaimedRun, ClaimRules, RunStore } from './store/run-store.ts';
import type { RunView } from './store/run-view.ts';

/** A process that works on one run. */
export interface RunChild {
  readonly pid: number | undefined;
  /** Resolves, never rejects, when the process has ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
}

export type WorkerEvent =
  | { readonly type: 'claimed'; readonly run: RunView; readonly pid: number | undefined }
  | {
      readonly type: 'child-ended';
      readonly run: RunView;
      readonly code: number | null;
      readonly signal: string | null;
    }
  | { readonly type: 'stopping'; readonly reason: 'signal' | 'exit' | 'idle'; readonly children: number };

export interface WorkerClaims extends ClaimRules {
  /** How many runs of each job this worker works on at once. */
  readonly jobs: ReadonlyMap<JobName, number>;
}

export interface RunWorkerOptions {
  readonly store: RunStore;
  /** Read anew before each claim, so that a changed configuration applies from the next run on. */
  readonly claims: () => Promise<WorkerClaims>;
  /** Starts a process that calls executeRun with the claimed run's guard as `inherited`. */
  readonly spawnRun: (claimed: ClaimedRun) => RunChild;
  readonly holder: Holder;
  readonly clock: Clock;
  readonly log: Log;
  /** SIGTERM: children are told to stop, and waited for. */
  readonly signal: AbortSignal;
  readonly onEvent?: (event: WorkerEvent) => void;
  readonly leaseMs?: number;
  /** Between two looks when there is nothing to do; default 5 s. */
  readonly pollMs?: number;
  /** Ends when nothing is left to claim and no child runs (for cron and tests). */
  readonly once?: boolean;
  /** How long a child may take to end after SIGTERM before it is killed; default 60 s. */
  readonly killAfterMs?: number;
}

/**
 * Claims runs in the store's order and starts one fresh process for each. The child works under the lease that was
 * claimed for it, which this process renews until the child has taken it over: there is no moment without a lease.
 */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const { clock, log, signal } = options;
  const tell = options.onEvent ?? (() => {});
  const children = new Map<Promise<void>, StartedRun>();
  const wake = { controller: new AbortController() };
  for (;;) {
    const reason = await reasonToStop(options);
    if (reason !== undefined) {
      tell({ type: 'stopping', reason, children: children.size });
      break;
    }
    const started = await startNext(options, [...children.values()]).catch((error) => {
      log.error({ err: error }, 'the worker could not claim a run; trying again');
      return undefined;
    });
    if (started !== undefined) {
      const watched = started.watched.finally(() => {
        children.delete(watched);
        wake.controller.abort();
      });
      children.set(watched, started);
      continue;
    }
    if (options.once && children.size === 0) {
      tell({ type: 'stopping', reason: 'idle', children: 0 });
      return;
    }
    wake.controller = new AbortController();
    await clock
      .sleep(options.pollMs ?? 5_000, AbortSignal.any([signal, wake.controller.signal]))
      .catch(() => {});
  }
  if (signal.aborted) for (const { child } of children.values()) child.kill('SIGTERM');
  else
    signal.addEventListener(
      'abort',
      () => [...children.values()].forEach(({ child }) => void child.kill('SIGTERM')),
      { once: true },
    );
  await waitFor(children, options);
}

async function reasonToStop(options: RunWorkerOptions): Promise<'signal' | 'exit' | undefined> {
  if (options.signal.aborted) return 'signal';
  try {
    return (await options.store.readExit()) ? 'exit' : undefined;
  } catch (error) {
    options.log.warn({ err: error }, 'cannot read the exit switch; trying again');
    return undefined;
  }
}

interface StartedRun {
  readonly job: JobName;
  readonly child: RunChild;
  readonly watched: Promise<void>;
}

async function startNext(
  options: RunWorkerOptions,
  running: readonly StartedRun[],
): Promise<StartedRun | undefined> {
  const { store, holder, clock, log } = options;
  const leaseMs = options.leaseMs ?? defaultLeaseMs;
  const { jobs: slots, ...rules } = await options.claims();
  const hasRoom = (job: JobName, slotCount: number) =>
    running.filter((other) => other.job === job).length < slotCount;
  const jobs = [...slots].filter(([job, slotCount]) => hasRoom(job, slotCount)).map(([job]) => job);
  if (jobs.length === 0) return undefined;
  const sentMonoMs = clock.monotonicMs();
  const claimed = await store.claimNextRun({ ...rules, jobs, holder, leaseMs });
  if (claimed === undefined) return undefined;
  const { guard, run } = claimed;
  let child: RunChild;
  try {
    child = options.spawnRun(claimed);
  } catch (error) {
    log.error({ err: error, run: run.id }, 'no process could be started for a run; it goes back');
    await store.endRun({ guard, ending: { state: 'stopped' } });
    return undefined;
  }
  options.onEvent?.({ type: 'claimed', run, pid: child.pid });
  const watched = watchChild(options, claimed, child, sentMonoMs).catch((error) => {
    // The child minds its own lease, and the monitor a lost one: nothing depends on this watch.
    log.error({ err: error, run: run.id }, 'watching a run failed');
  });
  return { job: run.job, child, watched };
}

async function watchChild(
  options: RunWorkerOptions,
  claimed: ClaimedRun,
  child: RunChild,
  grantedMonoMs: number,
): Promise<void> {
  const { store, clock, log, holder } = options;
  const { guard, run, leaseMs } = claimed;
  let adopted = false;
  const keeper = new LeaseKeeper({
    what: guard.key,
    renew: async () => {
      if (adopted) return;
      const lease = await store.readLease({ key: guard.key });
      adopted =
        lease?.token !== guard.token || lease.holder.pid !== holder.pid || lease.holder.host !== holder.host;
      if (!adopted) await store.renewLease({ guard });
    },
    leaseMs,
    grantedMonoMs,
    clock,
    log,
  });
  const { code, signal } = await child.exited;
  await keeper[Symbol.asyncDispose]();
  options.onEvent?.({ type: 'child-ended', run, code, signal });
  try {
    // A child that ended well has released the run: then this is refused, as it should be.
    await store.endRun({ guard, ending: { state: 'stopped' } });
    log.warn({ run: run.id, code, signal }, 'the process of a run ended without ending the run');
  } catch (error) {
    if (!isRotaError(error, 'LEASE_LOST')) throw error;
  }
}

async function waitFor(
  children: ReadonlyMap<Promise<void>, StartedRun>,
  options: RunWorkerOptions,
): Promise<void> {
  const ended = new AbortController();
  options.clock.sleep(options.killAfterMs ?? 60_000, ended.signal).then(
    () => {
      // With `exit` the runs may take as long as they need.
      if (options.signal.aborted) for (const { child } of children.values()) child.kill('SIGKILL');
    },
    () => {},
  );
  await Promise.all(children.keys());
  ended.abort();
}
