import { join } from 'node:path';
import { openFarm } from '../../composition.ts';
import type { FarmConfig } from '../../config/farm-config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { dateOf } from '../../control/schedule/due-times.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { runId, subjectName } from '../../core/ids.ts';
import { phabricatorLoadJob } from '../../jobs/report/load-definition.ts';
import { phabricatorLoadName, reportName } from '../../jobs/report/names.ts';
import { reportsFolder } from '../../jobs/report/publishing/report-place.ts';
import { reportJob } from '../../jobs/report/report-definition.ts';
import { trackerOf } from '../../jobs/report/services.ts';
import { checkRunDate } from '../check-dates.ts';
import type { Cli } from '../cli.ts';
import { asRotaError } from '../output/print-error.ts';
import { executeReportRun } from './execute-report-run.ts';
import { checkCompleteness } from './run-report-load.ts';

export interface ReportRunOptions {
  readonly scope?: readonly string[];
  readonly date?: string;
  readonly complete?: boolean;
  readonly incremental?: boolean;
  /** false with --no-load. */
  readonly load: boolean;
  readonly force?: boolean;
}

/** A day of reports in this process: the load, then every scope; one that fails leaves the others alone. */
export async function runReportRun(cli: Cli, options: ReportRunOptions): Promise<ExitStatus> {
  checkCompleteness(options);
  checkRunDate(options.date);
  const config = await cli.farm();
  const tracker = trackerOf(config);
  if (config.scopes.size === 0)
    throw new RotaError('SCOPE_UNKNOWN', `${config.file} has no scopes; add scopes:`);
  // Scopes that are files of a checkout may come with the load; others are known now.
  if (config.scopeFiles?.pull !== true) checkNames(config, options.scope ?? []);
  await using log = await cli.openLog();
  const openOptions = { clock: cli.clock, env: cli.io.env, version: cli.version };
  const date = options.date ?? dateOf(cli.clock.now(), config.jobs.report.schedule.zone, 'day');
  const force = options.force ?? false;
  const statuses: ExitStatus[] = [];
  if (options.load) {
    await using farm = await openFarm(config, openOptions);
    statuses.push(
      await executeReportRun(cli, farm, log.log, {
        definition: phabricatorLoadJob,
        id: runId(phabricatorLoadName, subjectName(tracker.name), date),
        parameters: { now: true, ...(options.complete ? { complete: true } : {}) },
        force,
      }),
    );
  }
  // The load may have brought new scope files.
  const { config: fresh } = await loadConfig(config.file, cli.io);
  const names = options.scope ?? [...fresh.scopes.keys()];
  checkNames(fresh, names);
  await using farm = await openFarm(fresh, openOptions);
  for (const name of names) {
    cli.signal.throwIfAborted();
    try {
      const request = {
        definition: reportJob,
        id: runId(reportName, subjectName(name), date),
        parameters: force ? { replace: true } : {},
        force,
        ...(options.load ? {} : { needs: [] }),
      };
      statuses.push(await executeReportRun(cli, farm, log.log, request));
    } catch (error) {
      const failure = asRotaError(error, cli.signal);
      if (cli.signal.aborted) throw failure;
      cli.out.remark(`rota: ${name}: ${failure.code}: ${failure.message}`);
      statuses.push(failure.exit);
    }
  }
  cli.out.remark(`rota: the reports are at ${join(reportsFolder(farm.trees), 'index.html')}`);
  return worst(statuses);
}

/** @throws RotaError SCOPE_UNKNOWN */
function checkNames({ scopes, file }: FarmConfig, names: readonly string[]): void {
  for (const name of names) {
    if (scopes.has(name)) continue;
    throw new RotaError(
      'SCOPE_UNKNOWN',
      `${JSON.stringify(name)} is no scope of ${file}; see: rota config show`,
    );
  }
}

/** Nothing to do is worth telling only if there was nothing to do at all. */
function worst(statuses: readonly ExitStatus[]): ExitStatus {
  if (statuses.every((status) => status === exitStatus.nothingToDo)) return exitStatus.nothingToDo;
  const bad = statuses.find(
    (s) => s !== exitStatus.done && s !== exitStatus.nothingToDo && s !== exitStatus.doneWithErrors,
  );
  if (bad !== undefined) return exitStatus.failed;
  return statuses.includes(exitStatus.doneWithErrors) ? exitStatus.doneWithErrors : exitStatus.done;
}
