import { dirname, join } from 'node:path';
import type { OpenFarm } from '../../composition.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { runId, subjectName } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { isFinished } from '../../core/run-state.ts';
import { writeTrackerDay } from '../../demo/farm/tracker-day.ts';
import { phabricatorLoadJob } from '../../jobs/report/load-definition.ts';
import { phabricatorLoadName, reportName } from '../../jobs/report/names.ts';
import { reportJob } from '../../jobs/report/report-definition.ts';
import type { Cli } from '../cli.ts';
import { executeReportRun, type ReportRunRequest } from './execute-report-run.ts';

/** The reports of a day of the demonstration farm: its tracker's dump, the load, each scope. What is done stays done. */
export async function reportDemoDay(cli: Cli, farm: OpenFarm, log: Log, date: string): Promise<ExitStatus> {
  const { phabricator, scopes, file } = farm.config;
  // The farm is its owner's: without a tracker there are no reports.
  if (phabricator === null || date === '') return exitStatus.done;
  const isDone = async ({ id }: ReportRunRequest) => {
    const run = await farm.store.readRun({ id });
    return run !== undefined && isFinished(run.state);
  };
  const load: ReportRunRequest = {
    definition: phabricatorLoadJob,
    id: runId(phabricatorLoadName, subjectName(phabricator.name), date),
    parameters: { now: true },
    force: false,
  };
  const reports = [...scopes.keys()].map(
    (scope): ReportRunRequest => ({
      definition: reportJob,
      id: runId(reportName, subjectName(scope), date),
      parameters: {},
      force: false,
    }),
  );
  if (!(await isDone(load))) await writeTrackerDay(dirname(file), date, cli.signal);
  let worst: ExitStatus = exitStatus.done;
  for (const request of [load, ...reports]) {
    cli.signal.throwIfAborted();
    if (await isDone(request)) continue;
    const status = await executeReportRun(cli, farm, log, request);
    if (worst === exitStatus.done) worst = status;
  }
  const index = join(farm.trees.public.root, 'reports', 'index.html');
  cli.out.remark(`rota: burn-ups and forecasts of ${scopes.size} teams: ${index}`);
  return worst;
}
