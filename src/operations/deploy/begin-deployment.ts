import { hostname } from 'node:os';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import { defaultLeaseMs, type Holder } from '../../control/store/lease.ts';
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
  readonly signal: AbortSignal;
}): Promise<RunId> {
  const { store, environment, clock } = p;
  await refuseIfLocked(store, environment.name);
  await waitForDeadOne(p);
  const runs = await deploymentsOf(store, environment.name);
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
  if (live && last !== undefined && last.id !== live.run && (await isUnsettled(store, last)))
    return live.version;
  const before = live?.previous ?? null;
  if (before !== null) return before;
  throw new RotaError(
    'VERSION_UNKNOWN',
    `${environment} has served ${live ? 'no version before this one' : 'nothing yet'}: there is nothing to go back to`,
  );
}

/** Whether hosts may serve something else than what is live because this deployment did not come to its end. */
async function isUnsettled(store: RunStore, run: RunView): Promise<boolean> {
  if (isFinished(run.state) || run.error?.code === 'DEPLOY_ROLLED_BACK') return false;
  const details = await store.readRun({ id: run.id });
  return (
    details?.stages.some((stage) => stage.name.startsWith('rollout') && stage.startedAt !== undefined) ===
    true
  );
}

/**
 * The deployment to go on with: the newest, if it has not come to its end.
 * @throws RotaError RUN_UNKNOWN, RUN_STATE, RUN_BUSY, DEPLOY_LOCKED
 */
export async function resumeDeployment(p: {
  readonly store: RunStore;
  readonly environment: EnvironmentConfig;
  readonly clock: Clock;
  readonly by: string;
  readonly signal: AbortSignal;
}): Promise<RunId> {
  const { store, environment } = p;
  await refuseIfLocked(store, environment.name);
  await waitForDeadOne(p);
  const [last] = await deploymentsOf(store, environment.name, 1);
  if (last === undefined)
    throw new RotaError(
      'RUN_UNKNOWN',
      `nothing was deployed to ${environment.name} yet: rota push ${environment.name}`,
    );
  if (isFinished(last.state))
    throw new RotaError('RUN_STATE', `${last.id} is ${last.state}: there is nothing to go on with`);
  if (last.state !== 'waiting' && last.state !== 'running') await store.resumeRun({ id: last.id, by: p.by });
  return last.id;
}

/**
 * Where the process of a deployment on this machine is dead, its lease has yet to end: that is waited for. Anybody else's is
 * respected. @throws RotaError RUN_BUSY
 */
async function waitForDeadOne(p: {
  readonly store: RunStore;
  readonly environment: EnvironmentConfig;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  for (;;) {
    const working = (await deploymentsOf(p.store, p.environment.name)).find(
      (run) => run.lease?.alive === true,
    );
    if (working === undefined) return;
    const { lease } = working;
    if (lease === undefined || lease.holder.host !== hostname() || isAlive(lease.holder.pid))
      throw busy(working);
    await p.clock.sleep(Math.max(50, Math.min(1_000, lease.expiresInMs)), p.signal);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Locks an environment against deployments, or (null) unlocks it. */
export async function setDeployLock(p: {
  readonly store: RunStore;
  readonly environment: string;
  readonly holder: Holder;
  readonly lock: LockRecord | null;
}): Promise<LockRecord | null> {
  const { store } = p;
  const key = lockKey(p.environment);
  const guard = await store.acquireLease({ key, holder: p.holder, leaseMs: defaultLeaseMs });
  try {
    const before = ((await store.readPointer({ key })) ?? null) as LockRecord | null;
    if (p.lock !== null && before !== null) throw locked(p.environment, before);
    await store.commitPointer({ key, value: p.lock, guard });
    return before;
  } finally {
    await store.releaseLease({ guard });
  }
}

async function refuseIfLocked(store: RunStore, environment: string): Promise<void> {
  const lock = (await store.readPointer({ key: lockKey(environment) })) as LockRecord | null | undefined;
  if (lock) throw locked(environment, lock);
}

function locked(environment: string, lock: LockRecord): RotaError {
  return new RotaError(
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
