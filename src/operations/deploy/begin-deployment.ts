import type { Holder } from '../../control/store/lease.ts';
import type { RunView } from '../../control/store/run-view.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type RunId, runId, subjectName } from '../../core/ids.ts';
import { isFinished } from '../../core/run-state.ts';
import { deployName } from '../../jobs/deploy/name.ts';
import type { DeployParameters } from '../../jobs/deploy/parameters.ts';
import type { LockRecord } from '../../jobs/deploy/records.ts';
import { versionName } from '../../jobs/deploy/version/version.ts';
import { deploymentsOf, serialOf } from './deployments-of.ts';
import { underWayAtAdoption } from './version-before.ts';
import { isMyTurn, lockedBy, readLock, type Turn, waitForTurn, whileBeginning } from './wait-for-turn.ts';

export interface BeginOptions extends Turn {
  /** The process that begins it. */
  readonly holder: Holder;
  /** The person who asked. */
  readonly by: string;
}

/**
 * Creates the run of a deployment. One that another process works on is refused; one that was left unfinished is not
 * gone on with, as what a person asks for now takes its place.
 * @throws RotaError RUN_BUSY, DEPLOY_LOCKED
 */
export async function beginDeployment(
  p: BeginOptions & { readonly parameters: DeployParameters },
): Promise<RunId> {
  for (;;) {
    await waitForTurn(p);
    const id = await whileBeginning(p, async () => ((await isMyTurn(p)) ? await create(p) : null));
    if (id !== null) return id;
  }
}

async function create(p: BeginOptions & { readonly parameters: DeployParameters }): Promise<RunId> {
  const { store, environment, clock } = p;
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

/**
 * The deployment to go on with: the newest, if it has not come to its end; after an adoption the one that was under way then,
 * as a new run.
 * @throws RotaError RUN_UNKNOWN, RUN_STATE, RUN_BUSY, DEPLOY_LOCKED
 */
export async function resumeDeployment(p: BeginOptions): Promise<RunId> {
  const { store, environment } = p;
  await waitForTurn(p);
  const [last] = await deploymentsOf(store, environment.name, 1);
  if (last === undefined)
    throw new RotaError(
      'RUN_UNKNOWN',
      `nothing was deployed to ${environment.name} yet: rota push ${environment.name}`,
    );
  const lost = await underWayAtAdoption(store, environment.name, last);
  if (lost !== null) {
    // A plan was compared before anything was sent; here nobody has it.
    const { plan: _, ...parameters } = lost.parameters;
    return await beginDeployment({ ...p, parameters: { ...parameters, version: lost.version } });
  }
  if (isFinished(last.state))
    throw new RotaError('RUN_STATE', `${last.id} is ${last.state}: there is nothing to go on with`);
  if (last.state !== 'waiting' && last.state !== 'running') await store.resumeRun({ id: last.id, by: p.by });
  return last.id;
}

/** Locks an environment against deployments, or (null) unlocks it. @returns the lock before */
export async function setDeployLock(
  p: Omit<BeginOptions, 'by' | 'wait'> & { readonly lock: LockRecord | null },
): Promise<LockRecord | null> {
  const { store, environment, clock } = p;
  return await whileBeginning(p, async (guard) => {
    const before = await readLock(store, environment.name);
    if (p.lock !== null && before !== null) throw lockedBy(environment.name, before, clock);
    await store.commitPointer({ key: guard.key, value: p.lock, guard });
    return before;
  });
}

function isUnfinished(run: RunView): boolean {
  return ['waiting', 'running', 'paused', 'retrying', 'stopped', 'held'].includes(run.state);
}

function nextSerial(runs: readonly RunView[]): number {
  return Math.max(0, ...runs.map(serialOf)) + 1;
}
