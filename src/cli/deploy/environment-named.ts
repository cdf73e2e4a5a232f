import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { FarmConfig } from '../../config/farm-config.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { nearest } from '../../core/nearest.ts';
import { withHosts } from '../../jobs/deploy/pools/hosts-of-pool.ts';
import type { Cli } from '../cli.ts';

/** The environment of that name; the only one where no name was given. @throws RotaError ENVIRONMENT_UNKNOWN */
export function environmentNamed(config: FarmConfig, name: string | undefined): EnvironmentConfig {
  const names = [...config.environments.keys()];
  const [only] = names;
  if (name === undefined && names.length === 1 && only !== undefined) return environmentNamed(config, only);
  const found = name === undefined ? undefined : config.environments.get(name);
  if (found !== undefined) return found;
  if (names.length === 0) {
    throw new RotaError(
      'ENVIRONMENT_UNKNOWN',
      `${config.file} describes no environment: add one under environments`,
    );
  }
  if (name === undefined) throw new RotaError('USAGE', `name the environment: ${names.join(', ')}`);
  const near = nearest(name, names);
  const hint = near === null ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
  throw new RotaError(
    'ENVIRONMENT_UNKNOWN',
    `${JSON.stringify(name)} is no environment of ${config.file}; ${hint}`,
  );
}

/**
 * The same with its hosts, which a pool may name.
 * @throws RotaError ENVIRONMENT_UNKNOWN, POOLS_UNAVAILABLE, POOL_HOSTS
 */
export async function environmentWithHosts(
  cli: Cli,
  config: FarmConfig,
  name: string | undefined,
): Promise<EnvironmentConfig> {
  return await withHosts(environmentNamed(config, name), cli.clock);
}
