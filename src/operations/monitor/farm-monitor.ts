import type { OpenFarm } from '../../composition.ts';
import { openTrees } from '../../composition.ts';
import type { FarmConfig } from '../../config/farm-config.ts';
import type { WatchedJob } from '../../control/monitor/find-alerts.ts';
import { type MonitorOptions, type SweepReport, sweepOnce } from '../../control/monitor/run-monitor.ts';
import { OutageLog } from '../../control/outage-log.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { AnyJob } from '../../jobs/definition/job-definition.ts';
import { chorePhases, type Sweep } from '../../jobs/definition/job-monitoring.ts';
import { alertSinks } from './alert-sinks.ts';
import { clearWorkspaces, type MonitoredJob } from './dead-workspaces.ts';
import { diskWarnings, measureDisks, watchedFolders } from './disk-warnings.ts';
import { Pace } from './paced.ts';

/** Ended runs leave the store after this time; each wiki's newest and newest done stay. */
const keepRunsMs = 365 * 24 * 3_600_000;

export interface FarmMonitorOptions {
  readonly farm: OpenFarm;
  /** Read anew at each sweep: a wiki that turned private is withdrawn at the next. */
  readonly readConfig: () => Promise<FarmConfig>;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onSweep: (report: SweepReport, config: FarmConfig) => void;
}

/** Sweeps a farm: dead runs, alerts, and the chores that keep its trees and pages in order. */
export class FarmMonitor {
  readonly #o: FarmMonitorOptions;
  readonly #log: OutageLog;
  readonly #pace: Pace;
  #loaded: Promise<readonly MonitoredJob[]> | undefined;

  constructor(options: FarmMonitorOptions) {
    this.#log = new OutageLog(options.log);
    this.#o = { ...options, log: this.#log };
    this.#pace = new Pace(options.clock);
  }

  /** Until the signal aborts. */
  async run(): Promise<void> {
    const { signal, clock, log, farm } = this.#o;
    let everyMs = farm.config.monitor.everyMs;
    while (!signal.aborted) {
      try {
        everyMs = (await this.#sweep()).monitor.everyMs;
        this.#log.answered();
      } catch (error) {
        if (!signal.aborted) log.error({ err: error }, 'a sweep of the monitor failed; trying again');
      }
      await clock.sleep(everyMs, signal).catch(() => {});
    }
  }

  async once(): Promise<SweepReport> {
    const config = await this.#o.readConfig();
    return await sweepOnce(await this.#options(config), this.#o.signal);
  }

  async #sweep(): Promise<FarmConfig> {
    const config = await this.#o.readConfig();
    this.#o.onSweep(await sweepOnce(await this.#options(config), this.#o.signal), config);
    return config;
  }

  async #options(config: FarmConfig): Promise<MonitorOptions> {
    const { farm, clock, log } = this.#o;
    const { store, holder, jobs } = farm;
    const monitored = await this.#monitored();
    const common = { config, trees: openTrees(config), version: farm.tools.version, store, holder };
    const chore = (name: string, work: (sweep: Sweep) => Promise<unknown>) => ({
      name,
      run: ({ signal }: { readonly signal: AbortSignal }) =>
        this.#pace.keep(name, () =>
          work({ ...common, leaseMs: config.lease.durationMs, clock, log, signal }),
        ),
    });
    const offered = monitored.flatMap(({ monitoring }) => monitoring.chores);
    return {
      store,
      jobs: jobs.map((job) => watchedJob(job, config)),
      holder,
      clock,
      log,
      leaseMs: config.lease.durationMs,
      sinks: alertSinks(config.alerts, clock),
      alertKinds: config.alerts.events,
      disks: async () => diskWarnings(await measureDisks(watchedFolders(config))),
      keepRunsMs,
      chores: [
        ...chorePhases.flatMap((phase) =>
          offered.filter((own) => own.phase === phase).map((own) => chore(own.name, own.run.bind(own))),
        ),
        chore('workspaces', (sweep) => clearWorkspaces(sweep, monitored)),
      ],
    };
  }

  /** What the jobs ask of a monitor, loaded once: chores may remember what they saw at the last sweep. */
  #monitored(): Promise<readonly MonitoredJob[]> {
    this.#loaded ??= Promise.all(
      this.#o.farm.jobs.map(async (job) => ({
        job,
        monitoring: (await job.loadMonitoring?.()) ?? { chores: [] },
      })),
    );
    return this.#loaded;
  }
}

function watchedJob(job: AnyJob, config: FarmConfig): WatchedJob {
  const { overdueAfterMs } = job.settings(config) ?? {};
  return { name: job.name, ...(overdueAfterMs === undefined ? {} : { overdueAfterMs }) };
}
