import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { Clock } from '../../core/clock.ts';
import { withHosts } from '../../jobs/deploy/pools/hosts-of-pool.ts';
import { type Finding, faultOf, ok } from './finding.ts';

/** Environments whose hosts come from a pool, and whether etcd names them now. No host is connected to. */
export async function checkHostPools(
  environments: ReadonlyMap<string, EnvironmentConfig>,
  clock: Clock,
): Promise<readonly Finding[]> {
  const fromPools = [...environments.values()].filter(({ hostPool }) => hostPool !== null);
  return await Promise.all(
    fromPools.map(async (environment) => {
      const area = `environment ${environment.name}`;
      try {
        const { hosts } = await withHosts(environment, clock);
        return ok(area, `its pool in etcd names ${hosts.length === 1 ? '1 host' : `${hosts.length} hosts`}`);
      } catch (error) {
        return faultOf(area, error);
      }
    }),
  );
}
