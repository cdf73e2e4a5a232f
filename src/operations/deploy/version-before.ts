import type { RunStore } from '../../control/store/run-store.ts';
import type { RunView } from '../../control/store/run-view.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { isFinished } from '../../core/run-state.ts';
import { type LiveRecord, liveKey, type UnderWayRecord, underWayKey } from '../../jobs/deploy/records.ts';
import { deploymentsOf } from './deployments-of.ts';
import { switchedSince } from './switched-since.ts';

/**
 * The version that a rollback without a name goes to. Where hosts may serve something else than what is live, because a later
 * deployment went to some groups only or did not come to its end, it is what is live; where that was a rollback, it is the
 * version that it was to go to. Else it is the version before the live one; where a rollback
 * made that live, nobody can tell.
 * @throws RotaError VERSION_UNKNOWN
 */
export async function versionBefore(store: RunStore, environment: string): Promise<string> {
  const live = (await store.readPointer({ key: liveKey(environment) })) as LiveRecord | null | undefined;
  const runs = await deploymentsOf(store, environment);
  const lost = await underWayAtAdoption(store, environment, runs[0]);
  if (lost !== null && lost.live !== null) return lost.live;
  const open = await leftOpen(store, runs, live ?? null);
  if (open !== null) return open;
  if (live?.byRollback === true) {
    throw new RotaError(
      'VERSION_UNKNOWN',
      `${environment} was taken back to ${live.version} already: to go elsewhere, name the version (rota deploy rollback ${environment} --to VERSION; rota deploy history ${environment} lists them)`,
    );
  }
  if (live?.previous) return live.previous;
  throw new RotaError(
    'VERSION_UNKNOWN',
    `${environment} has served ${live ? 'no version before this one' : 'nothing yet'}: there is nothing to go back to`,
  );
}

/** The deployment of a lost deploy host that was under way when its environment was adopted, if nothing was deployed since. */
export async function underWayAtAdoption(
  store: RunStore,
  environment: string,
  last: RunView | undefined,
): Promise<UnderWayRecord | null> {
  const value = await store.readPointer({ key: underWayKey(environment) });
  const open = (value ?? null) as UnderWayRecord | null;
  return open !== null && open.adoptedBy === last?.id && isFinished(last.state) ? open : null;
}

/**
 * Where to go because of deployments since all hosts were last told to serve the same; null where nothing is open.
 * @param runs newest first
 */
async function leftOpen(
  store: RunStore,
  runs: readonly RunView[],
  live: LiveRecord | null,
): Promise<string | null> {
  for await (const { parameters, built } of switchedSince(store, runs)) {
    const { kind, version } = parameters;
    if (kind === 'rollback' && version !== undefined) return version;
    if (live !== null && built !== live.version) return live.version;
  }
  return null;
}
