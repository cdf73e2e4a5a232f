import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvironmentConfig, HostPool, TargetHost } from '../../../config/environment-config.ts';
import { addressOf, placeGroups } from '../../../config/place-hosts.ts';
import type { Clock } from '../../../core/clock.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { openPools } from './open-pools.ts';
import { serviceName } from './pool-store.ts';

/** What a deployment found in the pool stays its list, also when it is resumed. */
const fileName = 'hosts-of-pool.json';
/** A host's name stands in commands for ssh, in paths, and in what is printed. */
const nameForm = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,199}$/;

/**
 * An environment with the hosts that its pool has now; as it is where rota.yaml names them.
 * @throws RotaError POOLS_UNAVAILABLE, POOL_HOSTS
 */
export async function withHosts(environment: EnvironmentConfig, clock: Clock): Promise<EnvironmentConfig> {
  const { hostPool } = environment;
  if (hostPool === null) return environment;
  return place(environment, hostPool, await readHosts(environment.name, hostPool, clock));
}

/** The same for a run with this workspace: what it read first holds until its end. */
export async function withHostsOfRun(
  environment: EnvironmentConfig,
  p: { readonly workspace: string; readonly clock: Clock },
): Promise<EnvironmentConfig> {
  const { hostPool } = environment;
  if (hostPool === null) return environment;
  const known = await frozenHosts(p.workspace);
  if (known !== null) return place(environment, hostPool, known);
  const hosts = await readHosts(environment.name, hostPool, p.clock);
  const placed = place(environment, hostPool, hosts);
  await writeFileAtomic(join(p.workspace, fileName), `${JSON.stringify(hosts)}\n`, { mode: 0o600 });
  return placed;
}

/** The same for those who only look at a run: without hosts where it has not read them, or not here. */
export async function withKnownHosts(
  environment: EnvironmentConfig,
  workspace: string,
): Promise<EnvironmentConfig> {
  const { hostPool } = environment;
  const known = hostPool === null ? null : await frozenHosts(workspace);
  if (hostPool === null || known === null) return environment;
  return { ...environment, hosts: hostsOf(hostPool, known), groups: placeGroups(hostPool.groups, known) };
}

async function readHosts(environment: string, hostPool: HostPool, clock: Clock): Promise<readonly string[]> {
  await using store = openPools(hostPool.access, clock);
  const found = new Set<string>();
  for (const pool of hostPool.pools) {
    for (const [host, { key, value }] of await store.list(pool)) {
      if (value.pooled === 'inactive') continue;
      if (!nameForm.test(host))
        throw new RotaError('POOL_HOSTS', `${JSON.stringify(key)} in etcd ends in no host name`);
      found.add(host);
    }
  }
  if (found.size > 0) return [...found].sort();
  const pools = hostPool.pools.map(serviceName).join(', ');
  throw new RotaError(
    'POOL_HOSTS',
    `The hosts of ${environment} come from the pool ${pools}, and ${hostPool.access.prefix} in etcd has no host there that is not inactive`,
  );
}

/** Null where none were read yet. */
async function frozenHosts(workspace: string): Promise<readonly string[] | null> {
  const file = join(workspace, fileName);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as readonly string[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new RotaError('FILE_UNREADABLE', `${file} is damaged: deploy anew with rota push`, {
      cause: error,
    });
  }
}

/** @throws RotaError POOL_HOSTS where a group that rota.yaml names hosts for would be without any */
function place(
  environment: EnvironmentConfig,
  hostPool: HostPool,
  names: readonly string[],
): EnvironmentConfig {
  const groups = placeGroups(hostPool.groups, names);
  for (const [i, { name, hosts }] of groups.entries()) {
    const wanted = hostPool.groups[i]?.hosts ?? null;
    if (wanted === null || hosts.length > 0) continue;
    throw new RotaError(
      'POOL_HOSTS',
      `Group ${name} of ${environment.name} would be empty: the pool ${hostPool.pools.map(serviceName).join(', ')} has none of ${wanted.join(', ')} that is not inactive`,
    );
  }
  return { ...environment, hosts: hostsOf(hostPool, names), groups };
}

function hostsOf(hostPool: HostPool, names: readonly string[]): readonly TargetHost[] {
  return names.map((name) => {
    const { address, root } = addressOf(hostPool.address.replaceAll('{host}', name), hostPool.folder);
    return { name, address, root };
  });
}
