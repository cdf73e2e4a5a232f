import type { OpenFarm } from '../composition.ts';
import { type ExecutedRun, executeRun } from '../control/execute-run.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import type { RunId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import { isFinished } from '../core/run-state.ts';
import { fullDumpName } from '../jobs/full-dump/index.ts';
import { claimRules } from './claim-rules.ts';
import type { Cli } from './cli.ts';
import { RunProgress } from './output/run-progress.ts';

export interface ExecuteDumpOptions {
  readonly only?: readonly string[];
  readonly redoFrom?: string;
}

/** Works on a full dump in this process, tells its progress and leaves status files that say how it ended. */
export async function executeDump(
  cli: Cli,
  farm: OpenFarm,
  log: Log,
  id: RunId,
  options: ExecuteDumpOptions = {},
): Promise<ExecutedRun> {
  const job = farm.jobs.get(fullDumpName);
  if (!job) throw new RotaError('INTERNAL', 'The full-dump job is not registered.');
  using progress = new RunProgress({
    stream: cli.out.json ? cli.io.stdout : cli.io.stderr,
    json: cli.out.json,
    color: cli.out.color,
  });
  const executed = await executeRun({
    store: farm.store,
    job,
    runId: id,
    services: farm.services,
    holder: farm.holder,
    workspaceOf: farm.workspaceOf,
    clock: cli.clock,
    log,
    signal: cli.signal,
    rules: claimRules(farm.config),
    leaseMs: farm.config.lease.durationMs,
    onEvent: progress.listen,
    ...options,
  });
  const { run } = executed;
  if (!isFinished(run.state)) await farm.services.status.abort(run.id, cli.clock.now());
  return executed;
}
