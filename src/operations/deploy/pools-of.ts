import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import type { Clock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { openPools } from '../../jobs/deploy/pools/open-pools.ts';
import { type PoolJournal, poolJournalKey } from '../../jobs/deploy/pools/pool-journal.ts';
import { roomIn } from '../../jobs/deploy/pools/pool-keeper.ts';
import { serviceName, withPooled } from '../../jobs/deploy/pools/pool-store.ts';
import { askPybal, describePybal } from '../../jobs/deploy/pools/pybal-state.ts';
import { type LiveRecord, liveKey } from '../../jobs/deploy/records.ts';

/** A host in a pool. */
export interface PoolRow {
  readonly host: string;
  readonly service: string;
  readonly pooled: string;
  readonly weight: number | null;
  /** What load balancers say; '' where none is named. */
  readonly pybal: string;
  /** Whether a deployment took it out and has not brought it back. */
  readonly held: boolean;
}

interface Question {
  readonly environment: EnvironmentConfig;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The hosts of an environment in their pools. */
export async function showPools(p: Question & { readonly store: RunStore }): Promise<readonly PoolRow[]> {
  const { environment, clock, signal } = p;
  const settings = settingsOf(environment);
  await using pools = openPools(settings, clock);
  const key = poolJournalKey(environment.name);
  const journal = ((await p.store.readPointer({ key })) ?? {}) as PoolJournal;
  const rows: PoolRow[] = [];
  for (const service of settings.services) {
    const entries = await pools.list(service);
    for (const { name: host } of environment.hosts) {
      const entry = entries.get(host);
      const says = await Promise.all(service.pybal.map((one) => askPybal(one, host, signal)));
      rows.push({
        host,
        service: serviceName(service),
        pooled: entry?.value.pooled ?? '-',
        weight: entry?.value.weight ?? null,
        pybal: [...new Set(says.map(describePybal))].join(' | '),
        held: journal[host]?.some((held) => held.key === entry?.key) === true,
      });
    }
  }
  return rows;
}

/**
 * Takes hosts out of their pools, or puts them in, by hand. Below the floor nobody is taken out; who owes the live version is not
 * put in.
 * @returns the entries that were changed
 * @throws RotaError POOL_FLOOR, POOL_DISAGREES, POOLS_UNAVAILABLE, HOST_OWES
 */
export async function setPooled(
  p: Question & {
    readonly store: RunStore;
    readonly hosts: readonly string[];
    readonly pooled: 'yes' | 'no';
    /** Whatever the hosts owe. */
    readonly force: boolean;
  },
): Promise<readonly string[]> {
  const settings = settingsOf(p.environment);
  if (p.pooled === 'yes' && !p.force) await refuseOwing(p.store, p.environment.name, p.hosts);
  await using pools = openPools(settings, p.clock);
  const listed = await Promise.all(
    settings.services.map(async (service) => ({ service, entries: await pools.list(service) })),
  );
  const found = listed.flatMap(({ service, entries }) => {
    const mine = p.hosts.flatMap((host) => entries.get(host) ?? []);
    const changing = mine.filter(({ value }) => value.pooled !== p.pooled && value.pooled !== 'inactive');
    const isIn = [...entries.values()].filter(({ value }) => value.pooled === 'yes').length;
    const all = [...entries.values()].filter(({ value }) => value.pooled !== 'inactive').length;
    if (p.pooled === 'no' && changing.length > roomIn(service.floor, all, isIn)) {
      throw new RotaError(
        'POOL_FLOOR',
        `Pool ${serviceName(service)} keeps ${Math.round(service.floor * 100)} % of its ${all} hosts, and ${isIn} are in it: ${changing.length} more cannot leave`,
      );
    }
    return changing;
  });
  for (const entry of found) {
    if ((await pools.swap(entry, withPooled(entry, p.pooled))) === null)
      throw new RotaError('POOL_DISAGREES', `${entry.key} was changed by somebody else just now: look again`);
  }
  return found.map((entry) => entry.key);
}

/** Users are not sent to an old version by hand, unless that is what is wanted. */
async function refuseOwing(store: RunStore, environment: string, hosts: readonly string[]): Promise<void> {
  const live = (await store.readPointer({ key: liveKey(environment) })) as LiveRecord | null | undefined;
  const owing = hosts.filter((host) => live?.owing[host] !== undefined);
  if (!live || owing.length === 0) return;
  throw new RotaError(
    'HOST_OWES',
    `${owing.join(', ')} ${owing.length === 1 ? 'owes' : 'owe'} ${live.version}: rota deploy catch-up ${environment} brings it and puts hosts back that a deployment took out`,
    { facts: { hosts: owing, version: live.version } },
  );
}

function settingsOf(environment: EnvironmentConfig) {
  if (environment.pools !== null) return environment.pools;
  throw new RotaError(
    'USAGE',
    `${environment.name} has no pools: add pools under environments.${environment.name}`,
  );
}
