import type { Clock } from '../../core/clock.ts';
import { isRotaError } from '../../core/errors/rota-error.ts';
import type { Log } from '../../core/log.ts';
import { LeaseKeeper } from '../lease-keeper.ts';
import { defaultLeaseMs, type Holder, type LeaseGuard } from '../store/lease.ts';
import type { RunStore, Swept } from '../store/run-store.ts';
import type { Alert, AlertSink } from './alert.ts';
import { type DiskWarning, findAlerts, type WatchedJob } from './find-alerts.ts';

/** Work that other rooms do at each sweep, by one monitor at a time; the signal aborts when the lease is lost. */
export type Chore = (p: { readonly guard: LeaseGuard; readonly signal: AbortSignal }) => Promise<void>;

export interface MonitorOptions {
  readonly store: RunStore;
  readonly jobs: readonly WatchedJob[];
  readonly holder: Holder;
  readonly clock: Clock;
  readonly log: Log;
  readonly sinks: readonly AlertSink[];
  /** What is told; all but `stopped` when left out. */
  readonly alertKinds?: readonly Alert['kind'][];
  /** Makes the files follow the publication pointers, deletes old dates, renders the index pages: in this order. */
  readonly chores: readonly { readonly name: string; readonly run: Chore }[];
  /** Looks for full disks. */
  readonly disks?: () => Promise<readonly DiskWarning[]>;
  /** Ended runs older than this leave the store; never when left out. */
  readonly keepRunsMs?: number;
  readonly leaseMs?: number;
}

export interface SweepReport extends Swept {
  readonly alerts: readonly Alert[];
  /** Names of chores that failed; the reasons are in the log. */
  readonly failed: readonly string[];
  /** Another monitor was at the chores. */
  readonly otherMonitor: boolean;
}

const monitorKey = 'monitor';
const alertPrefix = 'alert/';
const keepAlertsMs = 30 * 24 * 3_600_000;
/** For so long a sink may fail in one sweep; what is left is sent at the next ones. */
const patienceMs = 20_000;

/** Sweeps every 15 s until the signal aborts. Many hosts may run it. */
export async function runMonitor(
  options: MonitorOptions & {
    readonly signal: AbortSignal;
    readonly everyMs?: number;
    readonly onSweep?: (report: SweepReport) => void;
  },
): Promise<void> {
  while (!options.signal.aborted) {
    try {
      const report = await sweepOnce(options, options.signal);
      options.onSweep?.(report);
    } catch (error) {
      if (!options.signal.aborted)
        options.log.error({ err: error }, 'a sweep of the monitor failed; trying again');
    }
    await options.clock.sleep(options.everyMs ?? 15_000, options.signal).catch(() => {});
  }
}

/** One sweep (`rota monitor --once`): dead runs, then chores and alerts unless another monitor is at them. */
export async function sweepOnce(options: MonitorOptions, signal: AbortSignal): Promise<SweepReport> {
  const { store, holder, clock, log } = options;
  const swept = await store.sweep();
  for (const run of swept.stopped) log.warn({ run }, 'the worker of a run has died; the run can be taken up');
  const leaseMs = options.leaseMs ?? defaultLeaseMs;
  const grantedMonoMs = clock.monotonicMs();
  let guard: LeaseGuard;
  try {
    guard = await store.acquireLease({ key: monitorKey, holder, leaseMs });
  } catch (error) {
    if (!isRotaError(error, 'LEASE_HELD')) throw error;
    return { ...swept, alerts: [], failed: [], otherMonitor: true };
  }
  await using keeper = new LeaseKeeper({
    what: monitorKey,
    renew: () => store.renewLease({ guard }),
    leaseMs,
    grantedMonoMs,
    clock,
    log,
  });
  const either = AbortSignal.any([signal, keeper.lost]);
  try {
    const failed: string[] = [];
    const attempt = async (name: string, action: () => Promise<void>) => {
      either.throwIfAborted();
      try {
        await action();
      } catch (error) {
        either.throwIfAborted();
        log.error(
          { err: error, chore: name },
          'a chore of the monitor failed; it is tried again at the next sweep',
        );
        failed.push(name);
      }
    };
    // Alerts first: a chore that hangs must not keep a failure secret.
    const alerts: Alert[] = [];
    await attempt('alerts', async () => void alerts.push(...(await sendAlerts(options, guard, either))));
    for (const chore of options.chores) await attempt(chore.name, () => chore.run({ guard, signal: either }));
    await attempt('prune', () => prune(options));
    return { ...swept, alerts, failed, otherMonitor: false };
  } finally {
    await store.releaseLease({ guard });
  }
}

/**
 * Each alert once per sink: that it was sent is kept under the monitor's lease. A sink that hangs is soon asked no more in
 * this sweep: waiting for it once for each alert would keep dead runs, publication and retention waiting as long.
 */
async function sendAlerts(
  options: MonitorOptions,
  guard: LeaseGuard,
  signal: AbortSignal,
): Promise<readonly Alert[]> {
  const { store, clock, log, sinks } = options;
  if (sinks.length === 0) return [];
  const disks = (await options.disks?.()) ?? [];
  const sentKeys = new Set((await store.listPointers({ prefix: alertPrefix })).map(({ key }) => key));
  const sent: Alert[] = [];
  let failure: unknown;
  const kinds = options.alertKinds ?? ['failed', 'held', 'overdue', 'disk'];
  const failingMs = new Map<AlertSink, number>();
  for (const alert of await findAlerts({ ...options, disks })) {
    if (!kinds.includes(alert.kind)) continue;
    for (const sink of sinks) {
      if ((failingMs.get(sink) ?? 0) >= patienceMs) continue;
      const key = `${alertPrefix}${sink.name}/${alert.key}`;
      if (sentKeys.has(key)) continue;
      const sinceMs = clock.monotonicMs();
      try {
        await sink.send(alert, signal);
        await store.commitPointer({ key, value: alert.at.getTime(), guard });
        sent.push(alert);
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ err: error, sink: sink.name, alert: alert.key }, 'an alert was not delivered');
        failure = error;
        failingMs.set(sink, (failingMs.get(sink) ?? 0) + clock.monotonicMs() - sinceMs);
      }
    }
  }
  if (failure !== undefined) throw failure;
  return sent;
}

async function prune(options: MonitorOptions): Promise<void> {
  const nowMs = options.clock.now().getTime();
  await options.store.prunePointers({ prefix: alertPrefix, writtenBefore: new Date(nowMs - keepAlertsMs) });
  if (options.keepRunsMs === undefined) return;
  await options.store.pruneRuns({ endedBefore: new Date(nowMs - options.keepRunsMs), limit: 100 });
}
