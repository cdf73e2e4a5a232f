import type { OpenFarm } from '../../composition.ts';
import { type ExecutedRun, executeRun } from '../../control/execute-run.ts';
import { helpRun } from '../../control/help-run.ts';
import type { RunEventListener } from '../../control/run-event.ts';
import type { Job } from '../../control/stage.ts';
import type { LeaseGuard } from '../../control/store/lease.ts';
import type { Clock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { parseRunId, type RunId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { FullDumpServices } from '../../jobs/full-dump/services.ts';
import { claimRules } from '../claim-rules.ts';
import { isGivenUp } from '../given-up.ts';
import { openRunLog } from './run-log.ts';

export interface WorkOnRunOptions {
  readonly farm: OpenFarm;
  readonly run: RunId;
  /** The lease that a worker claimed for this process; claimed here when left out. */
  readonly inherited: LeaseGuard | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onEvent: RunEventListener;
  /** Only these stages and what they need; the run is left paused. */
  readonly only?: readonly string[];
  /** This stage and all later ones are done again. */
  readonly redoFrom?: string;
}

/** Works on one run in this process: what a worker starts a process for. */
export async function workOnRun(options: WorkOnRunOptions): Promise<ExecutedRun> {
  const { farm, clock, log, signal, inherited } = options;
  const { config, store } = farm;
  using file = openRunLog(farm);
  const done = await executeRun({
    ...common(options),
    onEvent: (event) => {
      options.onEvent(event);
      file.listen(event);
    },
    clock,
    log,
    signal,
    store,
    rules: claimRules(config),
    leaseMs: config.lease.durationMs,
    ...(inherited === undefined ? {} : { inherited }),
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(options.redoFrom === undefined ? {} : { redoFrom: options.redoFrom }),
  });
  if (isGivenUp(done.run.state)) await farm.services.status.abort(done.run.id, clock.now());
  return done;
}

/** Works on pieces of a run that another process coordinates. */
export async function assistRun(options: Omit<WorkOnRunOptions, 'inherited'>): Promise<void> {
  const { clock, log, signal, onEvent, farm } = options;
  await helpRun({ ...common(options), clock, log, signal, onEvent, leaseMs: farm.config.lease.durationMs });
}

function common(options: Pick<WorkOnRunOptions, 'farm' | 'run'>) {
  const { farm, run } = options;
  return {
    store: farm.store,
    job: jobOf(farm, run),
    runId: run,
    services: farm.services,
    holder: farm.holder,
    workspaceOf: farm.workspaceOf,
  };
}

function jobOf(farm: OpenFarm, run: RunId): Job<FullDumpServices> {
  const { job: name } = parseRunId(run);
  const job = farm.jobs.get(name);
  if (job) return job;
  throw new RotaError('JOB_UNKNOWN', `${run}: this version of Rota knows no job "${name}"`);
}
