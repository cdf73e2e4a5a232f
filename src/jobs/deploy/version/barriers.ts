import type { EnvironmentConfig } from '../../../config/environment-config.ts';
import { pathMatcher } from './path-pattern.ts';
import { VersionRepository } from './version-repository.ts';
import { shown } from './walk-tree.ts';

/** The first path that differs between two versions and is a barrier, or null; null as well where one is not here. */
export async function barrierBetween(
  { repository: path, build }: Pick<EnvironmentConfig, 'repository' | 'build'>,
  from: string,
  to: string,
): Promise<string | null> {
  if (build.barriers.length === 0) return null;
  const repository = await VersionRepository.open(path);
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to];
  const { status, stdout } = await repository.tryGit(args);
  if (status !== 0) return null;
  const isBarrier = pathMatcher(build.barriers);
  const found = stdout
    .toString('latin1')
    .split('\0')
    .find((one) => one !== '' && isBarrier(one));
  return found === undefined ? null : shown(found);
}
