import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { Clock } from '../../core/clock.ts';
import { withHosts } from '../../jobs/deploy/pools/hosts-of-pool.ts';
import { type Finding, faultOf, ok } from './finding.ts';

export interface HostsFound {
  readonly findings: readonly Finding[];
  /** Environments with their hosts; those whose pool could not be asked are left out. */
  readonly environments: readonly EnvironmentConfig[];
}

/** Environments whose hosts come from a pool, and whether etcd names them now. No host is connected to. */
export async function checkHostPools(
  environments: ReadonlyMap<string, EnvironmentConfig>,
  clock: Clock,
): Promise<HostsFound> {
  const asked = await Promise.all(
    [...environments.values()].map(async (environment) => {
      if (environment.hostPool === null) return { findings: [], environments: [environment] };
      const area = `environment ${environment.name}`;
      try {
        const found = await withHosts(environment, clock);
        const count = found.hosts.length === 1 ? '1 host' : `${found.hosts.length} hosts`;
        return { findings: [ok(area, `its pool in etcd names ${count}`)], environments: [found] };
      } catch (error) {
        return { findings: [faultOf(area, error)], environments: [] };
      }
    }),
  );
  return {
    findings: asked.flatMap(({ findings }) => findings),
    environments: asked.flatMap((one) => one.environments),
  };
}
