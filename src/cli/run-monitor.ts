import type { OpenFarm } from '../composition.ts';
import { loadConfig } from '../config/load-config.ts';
import type { SweepReport } from '../control/monitor/run-monitor.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { FarmMonitor } from '../operations/monitor/farm-monitor.ts';
import type { Cli } from './cli.ts';
import { openFarmOf } from './open-farm-of.ts';
import type { OpenLog } from './open-log.ts';
import { eventLine } from './output/run-lines.ts';

export async function runMonitorCommand(cli: Cli, options: { readonly once?: boolean }): Promise<ExitStatus> {
  const config = await cli.farm();
  await using log = await cli.openLog();
  await using farm = await openFarmOf(cli, config);
  const monitor = farmMonitor({ cli, farm, log, signal: cli.signal });
  if (!options.once) {
    const { everyMs } = config.monitor;
    tell(cli, 'started', `sweeps every ${everyMs / 1000} s (process ${process.pid})`, {
      pid: process.pid,
      everyMs,
    });
    await monitor.run();
    tell(cli, 'stopping', 'was told to stop', {});
    return exitStatus.done;
  }
  const report = await monitor.once();
  tellSweep(cli, report);
  if (report.otherMonitor) {
    cli.out.remark('another monitor is at the chores');
    return exitStatus.busy;
  }
  return report.failed.length > 0 ? exitStatus.failed : exitStatus.done;
}

/** The monitor of an open farm, which tells in lines what it finds. */
export function farmMonitor(p: {
  readonly cli: Cli;
  readonly farm: OpenFarm;
  readonly log: OpenLog;
  readonly signal: AbortSignal;
}): FarmMonitor {
  const { cli, farm, log, signal } = p;
  return new FarmMonitor({
    farm,
    readConfig: async () => (await loadConfig(farm.config.file, cli.io)).config,
    clock: cli.clock,
    log: log.log,
    signal,
    onSweep: (report) => tellSweep(cli, report),
  });
}

/** What is worth a line; a sweep that found nothing says nothing. */
function tellSweep(cli: Cli, report: SweepReport): void {
  const line = (type: string, about: string, text: string, facts: object) =>
    cli.out.line({ at: cli.clock.now(), type, ...facts }, eventLine(cli.clock.now(), about, text));
  for (const run of report.stopped) line('run-stopped', run, 'stopped: its process died', { run });
  for (const run of report.expired) line('run-expired', run, 'failed: nobody approved it in time', { run });
  for (const alert of report.alerts) {
    line('alert', 'monitor', `alerted: ${alert.title}`, { key: alert.key, title: alert.title });
  }
  for (const chore of report.failed)
    line('chore-failed', 'monitor', `failed: ${chore} (see the log)`, { chore });
}

function tell(cli: Cli, type: string, text: string, facts: object): void {
  cli.out.line({ at: cli.clock.now(), type, ...facts }, eventLine(cli.clock.now(), 'monitor', text));
}
