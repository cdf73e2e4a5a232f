import type { OpenFarm } from '../../composition.ts';
import { openTrees } from '../../composition.ts';
import type { FarmConfig } from '../../config/farm-config.ts';
import { type MonitorOptions, type SweepReport, sweepOnce } from '../../control/monitor/run-monitor.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { FullDumpServices } from '../../jobs/full-dump/services.ts';
import { alertSinks } from './alert-sinks.ts';
import { buryDeadRuns } from './bury-dead-runs.ts';
import { clearWorkspaces } from './dead-workspaces.ts';
import { diskWarnings, measureDisks, watchedFolders } from './disk-warnings.ts';
import { type FollowedPointers, followPointers } from './follow-pointers.ts';
import { renderIndex } from './index-pages.ts';
import { Pace } from './paced.ts';
import { keepNewestDates } from './retention.ts';
import type { Sweep } from './sweep.ts';
import { withdrawPrivateWikis } from './withdraw-private-wikis.ts';

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
  readonly #followed: FollowedPointers = new Map();
  readonly #pace: Pace;

  constructor(options: FarmMonitorOptions) {
    this.#o = options;
    this.#pace = new Pace(options.clock);
  }

  /** Until the signal aborts. */
  async run(): Promise<void> {
    const { signal, clock, log, farm } = this.#o;
    let everyMs = farm.config.monitor.everyMs;
    while (!signal.aborted) {
      try {
        everyMs = (await this.#sweep()).monitor.everyMs;
      } catch (error) {
        if (!signal.aborted) log.error({ err: error }, 'a sweep of the monitor failed; trying again');
      }
      await clock.sleep(everyMs, signal).catch(() => {});
    }
  }

  async once(): Promise<SweepReport> {
    const config = await this.#o.readConfig();
    return await sweepOnce(this.#options(config), this.#o.signal);
  }

  async #sweep(): Promise<FarmConfig> {
    const config = await this.#o.readConfig();
    this.#o.onSweep(await sweepOnce(this.#options(config), this.#o.signal), config);
    return config;
  }

  #options(config: FarmConfig): MonitorOptions<FullDumpServices> {
    const { farm, clock, log } = this.#o;
    const { store, holder, jobs } = farm;
    const trees = openTrees(config);
    const leaseMs = config.lease.durationMs;
    const services = { ...farm.services, farm: config, trees };
    const chore = (name: string, work: (sweep: Sweep) => Promise<unknown>) => ({
      name,
      run: ({ signal }: { readonly signal: AbortSignal }) =>
        this.#pace.keep(name, () =>
          work({ config, trees, services, store, holder, leaseMs, clock, log, signal }),
        ),
    });
    return {
      store,
      jobs,
      holder,
      clock,
      log,
      leaseMs,
      sinks: alertSinks(config.alerts, clock),
      alertKinds: config.alerts.events,
      disks: async () => diskWarnings(await measureDisks(watchedFolders(config))),
      keepRunsMs,
      chores: [
        // What must not be seen goes first, and before anything makes files follow their pointers again.
        chore('private wikis', withdrawPrivateWikis),
        chore('publication', (sweep) => followPointers(sweep, this.#followed)),
        chore('status files', buryDeadRuns),
        chore('retention', keepNewestDates),
        chore('index pages', renderIndex),
        chore('workspaces', clearWorkspaces),
      ],
    };
  }
}
