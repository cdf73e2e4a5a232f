import type { RunStore } from '../../control/store/run-store.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { RunId } from '../../core/ids.ts';
import { isFinished } from '../../core/run-state.ts';
import { readParameters, restoresOnly } from '../../jobs/deploy/parameters.ts';
import { deploymentsOf } from './deployments-of.ts';

/** What the newest deployment left to be gone on with. */
export type Promotion =
  /** It waited for a person after a group: now it is to be worked on. */
  | { readonly kind: 'resume'; readonly run: RunId }
  /** It went to some groups only: its version is to go to all. */
  | { readonly kind: 'push'; readonly version: string };

/**
 * Lets the version of the newest deployment go on: past a group after which a person is asked, or from the groups that it was
 * pushed to (`--to`) to all. It is the same version, proven where it is.
 * @throws RotaError RUN_STATE
 */
export async function promoteDeployment(
  store: RunStore,
  environment: string,
  by: string,
): Promise<Promotion> {
  const runs = await deploymentsOf(store, environment);
  // What only restored what hosts are to serve is in nobody's way.
  const last =
    runs.find((run) => !isFinished(run.state) || !restoresOnly(readParameters(run.parameters))) ?? runs[0];
  if (last?.state === 'held') {
    await store.decideHeld({ id: last.id, decision: 'approved', by });
    return { kind: 'resume', run: last.id };
  }
  const details = last === undefined ? undefined : await store.readRun({ id: last.id });
  const built = details?.stages.find((stage) => stage.name === 'build')?.summary as
    | { readonly version?: string }
    | undefined;
  const isPart =
    last !== undefined && isFinished(last.state) && readParameters(last.parameters).groups !== undefined;
  if (isPart && built?.version !== undefined) return { kind: 'push', version: built.version };
  throw new RotaError(
    'RUN_STATE',
    `The newest deployment of ${environment} is ${last?.state ?? 'none'}: there is nothing to promote`,
  );
}
