import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { RunView } from '../../control/store/run-view.ts';
import type { Clock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type RunId, runId, subjectName } from '../../core/ids.ts';
import { isFinished } from '../../core/run-state.ts';
import { deployName } from '../../jobs/deploy/name.ts';
import type { DeployParameters } from '../../jobs/deploy/parameters.ts';
import { type LiveRecord, type LockRecord, liveKey, lockKey } from '../../jobs/deploy/records.ts';
import { parseVersionName, versionName } from '../../jobs/deploy/version/version.ts';

/**
 * Creates the run of a deployment. One that another process works on is refused; one that was left unfinished is not
 * gone on with, as what a person asks for now takes its place.
 * @throws RotaError RUN_BUSY, DEPLOY_LOCKED
 */
export async function beginDeployment(p: {
  readonly store: RunStore;
  readonly environment: EnvironmentConfig;
  readonly parameters: DeployParameters;
  readonly clock: Clock;
  readonly by: string;
}): Promise<RunId> {
  const { store, environment, clock } = p;
  await refuseIfLocked(store, environment.name);
  const runs = await deploymentsOf(store, environment.name);
  const working = runs.find((run) => run.lease?.alive === true);
  if (working !== undefined) throw busy(working);
  for (const run of runs) {
    if (isUnfinished(run)) await store.requestRun({ id: run.id, request: 'cancel', by: p.by });
  }
  const subject = subjectName(environment.name);
  for (let serial = nextSerial(runs); ; serial++) {
    const id = runId(deployName, subject, versionName(clock.now(), serial));
    const { created } = await store.createRun({ id, parameters: p.parameters, slots: [] });
    if (created) return id;
  }
}

/** Newest first. */
export async function deploymentsOf(
  store: RunStore,
  environment: string,
  limit = 50,
): Promise<readonly RunView[]> {
  const runs = await store.listRuns({ job: deployName, subject: environment, limit });
  return runs.toSorted((a, b) => serialOf(b) - serialOf(a));
}

/**
 * The version that a rollback without a name goes to: what was served before a deployment that did not come to its end,
 * else the one before the one that is served.
 * @throws RotaError VERSION_UNKNOWN
 */
export async function versionBefore(store: RunStore, environment: string): Promise<string> {
  const live = (await store.readPointer({ key: liveKey(environment) })) as LiveRecord | null | undefined;
  const [last] = await deploymentsOf(store, environment, 1);
  if (live && last !== undefined && last.id !== live.run && !isFinished(last.state)) return live.version;
  const before = live?.previous ?? null;
  if (before !== null) return before;
  throw new RotaError(
    'VERSION_UNKNOWN',
    `${environment} has served ${live ? 'no version before this one' : 'nothing yet'}: there is nothing to go back to`,
  );
}

async function refuseIfLocked(store: RunStore, environment: string): Promise<void> {
  const lock = (await store.readPointer({ key: lockKey(environment) })) as LockRecord | null | undefined;
  if (!lock) return;
  throw new RotaError(
    'DEPLOY_LOCKED',
    `${environment} is locked by ${lock.by} since ${lock.at}: ${lock.reason}`,
  );
}

function busy(run: RunView): RotaError {
  const { holder } = run;
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new RotaError(
    'RUN_BUSY',
    `${run.id} is being worked on by ${who}: wait for it, or cancel it (rota run cancel ${run.id})`,
  );
}

function isUnfinished(run: RunView): boolean {
  return ['waiting', 'running', 'paused', 'retrying', 'stopped', 'held'].includes(run.state);
}

function nextSerial(runs: readonly RunView[]): number {
  return Math.max(0, ...runs.map(serialOf)) + 1;
}

function serialOf(run: RunView): number {
  return parseVersionName(run.date)?.serial ?? 0;
}
