import type { FarmConfig } from '../../config/farm-config.ts';
import { OutageLog } from '../../control/outage-log.ts';
import { type RunChild, runWorker, type WorkerEvent } from '../../control/run-worker.ts';
import { createDueRuns, runScheduler } from '../../control/schedule/run-scheduler.ts';
import type { Holder } from '../../control/store/lease.ts';
import type { ClaimedRun, RunStore } from '../../control/store/run-store.ts';
import type { Clock } from '../../core/clock.ts';
import type { RunId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { AnyJob } from '../../jobs/definition/job-definition.ts';
import { claimRules } from '../claim-rules.ts';
import { schedulesOf } from '../schedules.ts';
import { type Assistance, assistRuns } from './assist-runs.ts';
import { claimableJobs } from './claimable-jobs.ts';
import { type StandAside, WorkerPresence } from './worker-presence.ts';

export type FarmWorkerEvent =
  | WorkerEvent
  | { readonly type: 'due'; readonly runs: readonly RunId[] }
  | { readonly type: 'assisting'; readonly run: RunId; readonly pid: number | undefined }
  | { readonly type: 'assisted'; readonly run: RunId }
  /** Nothing new is begun, or (without a reason) is again. */
  | { readonly type: 'standing-aside'; readonly why: StandAside | undefined };

export interface FarmWorkerOptions {
  readonly store: RunStore;
  /** Read anew each time, so that a changed rota.yaml applies from the next run on. */
  readonly readConfig: () => Promise<FarmConfig>;
  /** What this worker claims runs of, where rota.yaml has it. */
  readonly jobs: readonly AnyJob[];
  /** Runs of each job at once, in place of what rota.yaml says. */
  readonly slots: number | undefined;
  readonly once: boolean;
  readonly leaseMs: number;
  readonly assistance: Assistance;
  readonly spawnRun: (claimed: ClaimedRun) => RunChild;
  /** Starts a process that works on pieces of a run that another process coordinates. */
  readonly spawnAssistant: (run: RunId) => RunChild;
  readonly holder: Holder;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onEvent: (event: FarmWorkerEvent) => void;
}

/**
 * A worker of a farm: creates the runs that are due, claims runs, starts a fresh process for each, and lends its idle
 * slots to runs of others. Ends when told to, or with `once` when nothing is left to claim.
 */
export async function runFarmWorker(options: FarmWorkerOptions): Promise<void> {
  const { store, clock, once } = options;
  const log = new OutageLog(options.log);
  // What is due is told as an event: the log need not say it again.
  const schedulerLog: Log = {
    debug: (facts, message) => log.debug(facts, message),
    info: (facts, message) => log.debug(facts, message),
    warn: (facts, message) => log.warn(facts, message),
    error: (facts, message) => log.error(facts, message),
  };
  const tell = options.onEvent;
  const schedules = async () => schedulesOf(await options.readConfig(), options.jobs);
  if (once) {
    for (const schedule of await schedules()) {
      const runs = await createDueRuns(schedule, { store, clock, log: schedulerLog });
      if (runs.length > 0) tell({ type: 'due', runs });
    }
  }
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const busy = new Set<string>();
  const claimed = { waker: new AbortController() };
  await using presence = new WorkerPresence({ ...options, log });
  let aside: StandAside | undefined;
  const claims = async () => {
    const config = await options.readConfig();
    const jobs = claimableJobs(config, options.jobs, options.slots);
    await presence.show(jobs);
    const now = await presence.standAside();
    log.answered();
    if (JSON.stringify(now) !== JSON.stringify(aside)) tell({ type: 'standing-aside', why: now });
    aside = now;
    return { ...claimRules(config, options.jobs), jobs: now === undefined ? jobs : new Map() };
  };
  await presence.begin(claimableJobs(await options.readConfig(), options.jobs, options.slots));
  const worker = runWorker({
    store,
    claims,
    spawnRun: options.spawnRun,
    holder: options.holder,
    clock,
    log,
    signal: options.signal,
    leaseMs: options.leaseMs,
    once,
    onEvent: (event) => {
      if (event.type === 'claimed') {
        busy.add(event.run.id);
        claimed.waker.abort();
        claimed.waker = new AbortController();
      }
      if (event.type === 'child-ended') busy.delete(event.run.id);
      tell(event);
    },
  }).finally(() => ended.abort());
  const others = once
    ? []
    : [
        runScheduler({
          store,
          clock,
          log: schedulerLog,
          schedules,
          signal,
          onCreated: (runs) => tell({ type: 'due', runs }),
        }),
        assistRuns({
          ...options,
          log,
          jobs: options.jobs.map((job) => job.name),
          signal,
          isIdle: () => busy.size === 0 && aside === undefined,
          claimed: () => claimed.waker.signal,
        }),
      ];
  await Promise.all([worker, ...others]);
}
