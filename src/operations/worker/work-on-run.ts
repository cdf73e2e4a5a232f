import type { OpenFarm } from '../../composition.ts';
import { type ExecutedRun, executeRun } from '../../control/execute-run.ts';
import { helpRun } from '../../control/help-run.ts';
import type { RunEventListener } from '../../control/run-event.ts';
import type { LeaseGuard } from '../../control/store/lease.ts';
import type { Clock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { parseRunId, type RunId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { isGivenUp } from '../../core/run-state.ts';
import type { AnyJob } from '../../jobs/definition/job-definition.ts';
import { recipeOf } from '../../jobs/definition/recipe-of.ts';
import { claimRules } from '../claim-rules.ts';
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
  const { farm, run, clock, log, signal, inherited } = options;
  const { config, store } = farm;
  const definition = jobOf(farm, run);
  const work = await definition.load();
  await using opened = await work.openServices(farm.tools);
  const { services } = opened;
  using file = openRunLog(farm);
  const done = await executeRun({
    ...common(options),
    job: recipeOf(definition, work, config),
    services,
    onEvent: (event) => {
      options.onEvent(event);
      file.listen(event);
    },
    clock,
    log,
    signal,
    store,
    rules: claimRules(config, farm.jobs),
    leaseMs: config.lease.durationMs,
    ...(inherited === undefined ? {} : { inherited }),
    ...(options.only === undefined ? {} : { only: options.only }),
    ...(options.redoFrom === undefined ? {} : { redoFrom: options.redoFrom }),
  });
  if (isGivenUp(done.run.state)) await work.gaveUp?.(services, done.run.id, clock.now());
  return done;
}

/** Works on pieces of a run that another process coordinates. */
export async function assistRun(options: Omit<WorkOnRunOptions, 'inherited'>): Promise<void> {
  const { clock, log, signal, onEvent, farm } = options;
  const definition = jobOf(farm, options.run);
  const work = await definition.load();
  await using opened = await work.openServices(farm.tools);
  await helpRun({
    ...common(options),
    job: recipeOf(definition, work, farm.config),
    services: opened.services,
    clock,
    log,
    signal,
    onEvent,
    leaseMs: farm.config.lease.durationMs,
  });
}

function common({ farm, run }: Pick<WorkOnRunOptions, 'farm' | 'run'>) {
  return { store: farm.store, runId: run, holder: farm.holder, workspaceOf: farm.workspaceOf };
}

function jobOf(farm: OpenFarm, run: RunId): AnyJob {
  const { job: name } = parseRunId(run);
  const job = farm.jobs.find((candidate) => candidate.name === name);
  if (job) return job;
  throw new RotaError('JOB_UNKNOWN', `${run}: this version of Rota knows no job "${name}"`);
}
