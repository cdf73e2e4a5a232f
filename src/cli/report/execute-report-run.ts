import type { OpenFarm } from '../../composition.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { parseRunId, type RunId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { isFinished } from '../../core/run-state.ts';
import type { JobDefinition } from '../../jobs/definition/job-definition.ts';
import type { ReportServices } from '../../jobs/report/services.ts';
import type { Cli } from '../cli.ts';
import { executeDump } from '../execute-dump.ts';

export interface ReportRunRequest {
  readonly definition: JobDefinition<ReportServices>;
  readonly id: RunId;
  readonly parameters: object;
  readonly force: boolean;
  /** Instead of the runs that the job's plan names. */
  readonly needs?: readonly RunId[];
}

/** Creates a run, or takes it up where it stopped, and works on it in this process. Throws what it failed of. */
export async function executeReportRun(
  cli: Cli,
  farm: OpenFarm,
  log: Log,
  request: ReportRunRequest,
): Promise<ExitStatus> {
  const { id, parameters, force } = request;
  const { store, config } = farm;
  const by = farm.holder.host;
  const plan = request.definition.plan(config, {
    id,
    subject: parseRunId(id).subject,
    dueAt: cli.clock.now(),
  });
  const needs = request.needs ?? plan.needs ?? [];
  const { created } = await store.createRun({ ...plan, id, parameters, needs });
  if (!created) {
    const run = await store.readRun({ id });
    if (run !== undefined && isFinished(run.state) && !force) {
      cli.out.remark(`rota: ${id} is ${run.state}; --force does it again`);
      return exitStatus.nothingToDo;
    }
    if (force) await store.restartRun({ id, by, parameters });
    else if (
      run !== undefined &&
      run.lease?.alive !== true &&
      run.state !== 'waiting' &&
      run.state !== 'running'
    ) {
      await store.resumeRun({ id, by });
    }
  }
  const { run, exit, error } = await executeDump(cli, farm, log, id);
  const reason = run.reason === undefined ? '' : `: ${run.reason}`;
  cli.out.line(
    { run: run.id, state: run.state, reason: run.reason ?? null },
    `${run.id} ${run.state}${reason}`,
  );
  if (error) throw error;
  return exit;
}
